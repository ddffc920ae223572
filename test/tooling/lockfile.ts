// What package-lock.json says of the packages: the part that checks of the supply chain read.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './source-files.ts';

/** One package of the lockfile. */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  /** Hash of what is downloaded, as `sha512-…`. */
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  /** An SPDX expression; missing where the package states none. */
  readonly license?: string;
  /** Only development needs it. */
  readonly dev?: boolean;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The lockfile: path below the project's root, '' for the project itself, → package. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** The project's own lockfile. */
export function readLockfile(): Lockfile {
  return JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'));
}

/** The name of the package at a path of the lockfile. */
export function packageName(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The lockfile without what only development needs. */
export function withoutDevelopment(lock: Lockfile): Lockfile {
  const { '': project, ...installed } = lock.packages;
  const { devDependencies: _, ...own } = project ?? {};
  return {
    ...lock,
    packages: { '': own, ...Object.fromEntries(Object.entries(installed).filter(([, { dev }]) => dev !== true)) },
  };
}
