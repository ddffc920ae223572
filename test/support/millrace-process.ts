// Millrace as a user starts it: a process of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MillraceProcess {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts `millrace ARGUMENTS…`. */
export function startMillrace(...args: string[]): MillraceProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const finished = Promise.all([exited, text(child.stdout), text(child.stderr)]).then(([exit, stdout, stderr]) => ({
    ...exit,
    stdout,
    stderr,
  }));
  return { child, finished };
}

/** Runs `millrace ARGUMENTS…` to its end. */
export function runMillrace(...args: string[]): Promise<Finished> {
  return startMillrace(...args).finished;
}
