import { describe, expect, it } from 'vitest';
import { meanOf, samplesOf } from './streams.ts';

describe('noise', () => {
  it('flips the share of classes that is asked for, and touches nothing else', async () => {
    const clean = await samplesOf({ stream: 'sea' }, 10_000);
    for (const noise of [0.1, 0.3, 1]) {
      const noisy = await samplesOf({ stream: 'sea', noise }, 10_000);
      expect(noisy.map(({ x }) => x)).toEqual(clean.map(({ x }) => x));
      const flips = noisy.map(({ label }, index) => (label === clean[index].label ? 0 : 1));
      expect(Math.abs(meanOf(flips) - noise)).toBeLessThan(0.015);
    }
  });

  it('adds numbers of mean 0 and the deviation asked for to a regression, bell-shaped', async () => {
    const clean = await samplesOf({ stream: 'friedman' }, 10_000);
    const noisy = await samplesOf({ stream: 'friedman', noise: 2 }, 10_000);
    const errors = noisy.map(({ label }, index) => (label - clean[index].label) / 2);
    expect(Math.abs(meanOf(errors))).toBeLessThan(0.04);
    expect(Math.abs(meanOf(errors.map((e) => e ** 2)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(meanOf(errors.map((e) => e ** 3)))).toBeLessThan(0.1);
    const within = (deviations: number) => meanOf(errors.map((e) => (Math.abs(e) < deviations ? 1 : 0)));
    expect(within(1)).toBeCloseTo(0.683, 1);
    expect(within(2)).toBeCloseTo(0.954, 1);
  });
});
