// The lockfile installs anywhere: it names no registry, and holds the optional packages of every platform (npm leaves out
// those it cannot reach when it writes the file, and `npm ci` then refuses it).

import { expect, it } from 'vitest';
import { readLockfile } from './lockfile.ts';

const lock = readLockfile();

it('names no registry', () => {
  expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

it('holds every optional dependency', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});
