// Every stream is what its paper says: labels are worked out anew, in floating point, from the features that were read.

import { describe, expect, it } from 'vitest';
import { meanOf, type Sample, samplesOf } from './streams.ts';

/** Share of the samples whose label a rule predicts. */
const agreement = (samples: readonly Sample[], rule: (x: readonly number[]) => number) =>
  meanOf(samples.map(({ x, label }) => (rule(x) === label ? 1 : 0)));

describe('xor', () => {
  const rule = ([x1, x2]: readonly number[]) => Number(x1 >= 0.5 !== x2 >= 0.5);

  it('is 1 where exactly one of two features is large', async () => {
    const samples = await samplesOf({ stream: 'xor' }, 2000);
    expect(agreement(samples, rule)).toBe(1);
    expect(meanOf(samples.map(({ label }) => label))).toBeCloseTo(0.5, 1);
  });

  it('is inverted by every drift', async () => {
    const samples = await samplesOf({ stream: 'xor', driftEvery: 100 }, 400);
    const parts = [0, 100, 200, 300].map((first) => agreement(samples.slice(first, first + 100), rule));
    expect(parts).toEqual([1, 0, 1, 0]);
  });
});

describe('sea', () => {
  it('compares the sum of two features with the four thresholds in turn', async () => {
    const samples = await samplesOf({ stream: 'sea', drifts: [500, 1000, 1500, 2000] }, 2500);
    expect(samples[0].x).toHaveLength(3);
    [8, 9, 7, 9.5, 8].forEach((threshold, concept) => {
      const part = samples.slice(500 * concept, 500 * (concept + 1));
      expect(agreement(part, ([x1, x2]) => Number(x1 + x2 <= threshold))).toBe(1);
    });
  });
});

describe('hyperplane', () => {
  /** Whether a plane through the middle of the cube parts the classes: the perceptron rule then ends (Novikoff 1962). */
  function isParted(samples: readonly Sample[]): boolean {
    const weights = samples[0].x.map(() => 0);
    for (let epoch = 0; epoch < 1000; epoch++) {
      let mistakes = 0;
      for (const { x, label } of samples) {
        const side = x.reduce((sum, value, i) => sum + weights[i] * (value - 0.5), 0) >= 0 ? 1 : 0;
        if (side === label) continue;
        mistakes++;
        for (const [i, value] of x.entries()) weights[i] += (label - side) * (value - 0.5);
      }
      if (mistakes === 0) return true;
    }
    return false;
  }

  it('is a plane through the middle of the cube, half on either side', async () => {
    const samples = await samplesOf({ stream: 'hyperplane' }, 2000);
    expect(samples[0].x).toHaveLength(10);
    expect(isParted(samples.slice(0, 200))).toBe(true);
    expect(meanOf(samples.map(({ label }) => label))).toBeCloseTo(0.5, 1);
  });

  it('is another plane after every drift', async () => {
    const samples = await samplesOf({ stream: 'hyperplane', driftEvery: 200 }, 600);
    expect([0, 200, 400].map((first) => isParted(samples.slice(first, first + 200)))).toEqual([true, true, true]);
    expect([100, 300].map((first) => isParted(samples.slice(first, first + 200)))).toEqual([false, false]);
  });
});

describe('friedman', () => {
  const value = ([a, b, c, d, e]: readonly number[]) =>
    10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e;

  it('is the function of its paper, to the last decimal written', async () => {
    const samples = await samplesOf({ stream: 'friedman' }, 1000);
    expect(samples[0].x).toHaveLength(10);
    for (const { x, label } of samples) expect(Math.abs(label - value(x))).toBeLessThan(1e-6);
  });

  it('has its features change places with every drift', async () => {
    const samples = await samplesOf({ stream: 'friedman', driftEvery: 200 }, 400);
    const errors = samples.map(({ x, label }) => Math.abs(label - value(x)));
    expect(Math.max(...errors.slice(0, 200))).toBeLessThan(1e-6);
    expect(meanOf(errors.slice(200))).toBeGreaterThan(1);
  });
});
