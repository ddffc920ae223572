import { expect, it } from 'vitest';
import { sinPi } from '../../src/synthetic/sine.ts';

it('is sin πt, within 1e-15', () => {
  for (let step = 0; step <= 10_000; step++) {
    const t = step / 10_000;
    // Near 1 Math.sin(πt) suffers from the rounding of πt, so the mirrored argument is the better reference.
    const exact = Math.sin(Math.PI * Math.min(t, 1 - t));
    expect(Math.abs(sinPi(t) - exact)).toBeLessThanOrEqual(1e-15);
  }
  expect([sinPi(0), sinPi(0.5), sinPi(1)]).toEqual([0, 1, 0]);
});
