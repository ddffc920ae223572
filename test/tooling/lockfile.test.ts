// The lockfile installs anywhere: it names no registry, and holds the optional packages of every platform (npm leaves out
// those it cannot reach when it writes the file, and `npm ci` then refuses it). What is installed with Millrace is what it was when
// it was looked at, and builds nothing.

import { expect, it } from 'vitest';
import { packageName, readLockfile, withoutDevelopment } from './lockfile.ts';

const lock = readLockfile();
const { '': _, ...production } = withoutDevelopment(lock).packages;

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

it('has the hash of every package that is installed with Millrace', () => {
  const unhashed = Object.entries(production).filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  expect(unhashed.map(([path]) => path)).toEqual([]);
});

it('lets no package of production but the one that brings Node run a script when it is installed', () => {
  const scripted = Object.entries(production).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(scripted.map(([path]) => packageName(path))).toEqual(['node']);
});
