// A user of the installed package: types commands in a folder that has nothing but the package.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inject } from 'vitest';
import { projectRoot } from '../tooling/source-files.ts';

export const installed = inject('installed');

/** Where the package is, as the user's commands name it. */
export const packageFolder = join('node_modules', 'millrace');

/** What npm links as `millrace`. */
export const bin = join(packageFolder, 'dist/cli/bin.js');

/** The Node that came with the package. */
export const ownNode = join(installed, 'node_modules/node/bin/node');

/** The PATH of somebody who has not heard of this checkout: the machine's own Node and npm. */
const ownPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.startsWith(projectRoot) && !folder.includes('node_modules'))
  .join(delimiter);

/** The variables that such a user's processes see. */
export const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|INIT_CWD|NODE_(ENV|OPTIONS|PATH))/.test(name)),
  ),
  PATH: ownPath,
};

/** Runs a program to its end in the folder of the installation. */
export function type(program: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(program, args, { cwd: installed, env: environment, encoding: 'utf8', timeout: 50_000 });
}

/** A folder for what one test writes, as a path from where the user is. */
export function ownFolder(): string {
  return mkdtempSync(join(installed, 'test-')).slice(installed.length + 1);
}
