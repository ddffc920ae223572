// The licence check sees what it is for: a package that takes something away from users, or does not say.

import { expect, it } from 'vitest';
import { checkLicences, describeLicences } from './licences.ts';
import { type LockedPackage, readLockfile } from './lockfile.ts';

/** The project's lockfile with one more package. */
function violationsWith(added: LockedPackage): readonly string[] {
  return checkLicences({ packages: { ...readLockfile().packages, 'node_modules/made-up': added } }).violations;
}

it('finds the packages and their licences well', () => {
  const report = checkLicences(readLockfile());
  expect(describeLicences(report).ok).toBe(true);
  expect(report.shipped).toBeGreaterThan(50);
  expect(report.tools).toBeGreaterThan(100);
});

it.each<[string, LockedPackage]>([
  ['GPL-3.0-only', { license: 'GPL-3.0-only' }],
  ['a licence nobody has heard of', { license: 'SEE LICENSE IN LICENSE.txt' }],
  ['MPL-2.0 in what is installed', { license: 'MPL-2.0' }],
  ['MIT only together with another', { license: 'MIT AND GPL-2.0-only' }],
  ['GPL-3.0-only in a tool', { license: 'GPL-3.0-only', dev: true }],
])('names a package with %s', (_case, added) => {
  expect(violationsWith(added)).toEqual([expect.stringContaining(`node_modules/made-up: ${added.license}`)]);
});

it('names a package that states none, but no such tool', () => {
  expect(violationsWith({})).toEqual(['node_modules/made-up: states no licence']);
  expect(violationsWith({ dev: true })).toEqual([]);
});

it.each(['MIT', '(GPL-3.0-only OR MIT)', 'Apache-2.0 OR GPL-2.0-only'])('takes %s', (license) => {
  expect(violationsWith({ license })).toEqual([]);
});

it('fails on a violation, and on a lockfile without packages', () => {
  const bad = checkLicences({ packages: { 'node_modules/made-up': { license: 'GPL-3.0-only' } } });
  expect(describeLicences(bad)).toEqual({
    ok: false,
    text: 'node_modules/made-up: GPL-3.0-only\nlicences: 1 packages, 0 tools (0 state none), 1 violations',
  });
  expect(describeLicences(checkLicences({ packages: {} })).ok).toBe(false);
});
