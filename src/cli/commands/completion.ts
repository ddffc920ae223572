// `millrace completion`: a script that teaches a shell the commands, their options and what these take.

import type { Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { wordsOf } from '../completion/words.ts';
import { zshScript } from '../completion/zsh.ts';
import { printResult } from '../console.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** Shells that have a script. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** Prints the script for a shell. */
export function completion(shell: (typeof shells)[number], program: Command): void {
  printResult(scripts[shell](wordsOf(program)));
}
