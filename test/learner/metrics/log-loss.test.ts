import { expect, it } from 'vitest';
import { logLoss } from '../../../src/learner/metrics/log-loss.ts';

it('is −ln p, and never more or less than a clipped p would give', () => {
  expect(logLoss(0.5)).toBe(Math.LN2);
  expect(logLoss(0.9)).toBeCloseTo(-Math.log(0.9), 15);
  for (const worst of [0, -1, 1e-300, Number.NaN]) expect(logLoss(worst)).toBeCloseTo(-Math.log(1e-15), 12);
  for (const best of [1, 2]) expect(logLoss(best)).toBeCloseTo(1e-15, 15);
  expect(logLoss(1)).toBeGreaterThan(0);
});
