// Millrace as a process of its own, for benches: its result and the most memory it held.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../tooling/source-files.ts';
import { createRssReadings, type RssReadings, watchRss } from './rss.ts';

const execute = promisify(execFile);

/** What Node is given where Millrace is started as users start it: package.json's scripts, the image. */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=16'];

/** The part of `--json` that benches read. */
export interface BenchedRun {
  readonly samples: number;
  readonly liveSeconds: number;
  readonly rss: RssReadings;
}

/** Runs `millrace run -c CONFIG --stop-at-end --json ARGUMENTS…` to its end. */
export async function benchRun(config: string, ...args: string[]): Promise<BenchedRun> {
  const main = join(projectRoot, 'src/cli/main.ts');
  const running = execute(process.execPath, [
    ...nodeOptions,
    main,
    'run',
    '-c',
    config,
    '--stop-at-end',
    '--json',
    ...args,
  ]);
  const rss = createRssReadings();
  const stopWatching = watchRss(running.child.pid, rss);
  const { stdout } = await running;
  stopWatching();
  const { samples, liveSeconds } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return { samples, liveSeconds, rss };
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
