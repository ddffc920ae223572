// The Node that Millrace says it needs is the one of package.json.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tooOld } from '../../src/cli/needed-node.ts';

it.each(['22.22.0', '22.23.3', '24.6.0', '24.21.0', '25.0.0', '26.1.0'])('runs on %s', (version) => {
  expect(tooOld(version, '/usr/bin/node')).toBeNull();
});

it.each(['18.20.0', '20.20.2', '22.21.1', '23.11.0', '24.5.0'])('says what to do about %s', (version) => {
  const complaint = tooOld(version, '/usr/bin/node');
  expect(complaint).toContain(`this is ${version} (/usr/bin/node)`);
  expect(complaint).toContain('what to do: ');
});

it('is what engines says', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(engines.node).toBe('^22.22.0 || >=24.6.0');
});
