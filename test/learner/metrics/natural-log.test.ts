import fc from 'fast-check';
import { expect, it } from 'vitest';
import { naturalLog } from '../../../src/learner/metrics/natural-log.ts';

it('is the logarithm, within 4 units in the last place', () => {
  const exponent = fc.double({ min: -62, max: 0, noNaN: true });
  fc.assert(
    fc.property(exponent, (power) => {
      const x = 2 ** power;
      const exact = Math.log(x);
      expect(Math.abs(naturalLog(x) - exact)).toBeLessThanOrEqual(4 * Math.abs(exact) * 2 ** -52 + Number.MIN_VALUE);
    }),
    { numRuns: 5000 },
  );
});

it('is what it must be at the ends, and rises in between', () => {
  expect(naturalLog(1)).toBe(0);
  expect(naturalLog(0.5)).toBe(-Math.LN2);
  expect(naturalLog(2 ** -63)).toBe(-63 * Math.LN2);
  for (let p = 0.01; p < 1; p += 0.001) expect(naturalLog(p)).toBeLessThan(naturalLog(p + 0.001));
});
