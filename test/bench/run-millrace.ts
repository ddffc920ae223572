// Millrace as a process of its own, for benches: its result and what it used.

import { join } from 'node:path';
import { projectRoot } from '../tooling/source-files.ts';
import { runWatched, type Usage } from './usage.ts';

/** What Node is given where Millrace is started as users start it: package.json's scripts, the image. */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=16'];

/** The part of `--json` that benches read. */
export interface BenchedRun {
  readonly samples: number;
  readonly liveSeconds: number;
  readonly usage: Usage;
}

/** Runs `millrace run -c CONFIG --stop-at-end --json ARGUMENTS…` to its end. */
export async function benchRun(config: string, ...args: string[]): Promise<BenchedRun> {
  const main = join(projectRoot, 'src/cli/main.ts');
  const command = [...nodeOptions, main, 'run', '-c', config, '--stop-at-end', '--json', ...args];
  const { stdout, usage } = await runWatched(process.execPath, command);
  const { samples, liveSeconds } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return { samples, liveSeconds, usage };
}

type Figure = string | number | null;

/** Prints figures as one JSON line or one to a line; those of one kind may be together under a name. */
export function printFigures(json: boolean, figures: Readonly<Record<string, Figure | Record<string, Figure>>>): void {
  if (json) {
    console.log(JSON.stringify(figures));
    return;
  }
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value !== 'object' || value === null) console.log(`${name.padEnd(30)} ${value ?? '–'}`);
    else for (const [of, each] of Object.entries(value)) console.log(`${`${name}.${of}`.padEnd(40)} ${each ?? '–'}`);
  }
}
