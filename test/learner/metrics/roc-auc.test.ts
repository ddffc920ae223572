import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rocAuc, SCORE_BINS, scoreBin } from '../../../src/learner/metrics/roc-auc.ts';
import { createNoise } from '../../kernels/random-spec.ts';
import { rocAucOf } from './reference.ts';

interface Scored {
  readonly score: number;
  readonly label: number;
}

function histograms(cases: readonly Scored[]) {
  const negatives = new Float64Array(SCORE_BINS);
  const positives = new Float64Array(SCORE_BINS);
  for (const { score, label } of cases) (label === 1 ? positives : negatives)[scoreBin(score)]++;
  return { negatives, positives };
}

const exact = (cases: readonly Scored[]) => rocAucOf(cases.map((one) => ({ ...one, weight: 1 })));
const probability = fc.float({ min: 0, max: 1, noNaN: true });

describe('the bin of a score', () => {
  it('never falls as the score rises, and is within bounds', () => {
    fc.assert(
      fc.property(probability, probability, (a, b) => {
        const [low, high] = [scoreBin(Math.min(a, b)), scoreBin(Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThan(SCORE_BINS);
      }),
      { numRuns: 1000 },
    );
    expect([scoreBin(0), scoreBin(1), scoreBin(Number.NaN)]).toEqual([0, SCORE_BINS - 1, 0]);
  });

  it('tells the crowded ends apart', () => {
    const ends = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3].map(Math.fround);
    const bins = [...ends.map(scoreBin), ...ends.toReversed().map((p) => scoreBin(Math.fround(1 - p)))];
    expect(new Set(bins).size).toBe(10);
    expect(bins).toEqual(bins.toSorted((a, b) => a - b));
  });
});

describe('the area under the ROC curve', () => {
  it('is exact where scores are apart, ties counting half', () => {
    const cases = [0.1, 0.2, 0.3, 0.3, 0.6, 0.9].map((score, index) => ({ score, label: [0, 1, 0, 1, 0, 1][index] }));
    const { negatives, positives } = histograms(cases);
    expect(rocAuc(negatives, positives)).toBeCloseTo(exact(cases), 14);
    expect(rocAuc(positives, negatives)).toBeCloseTo(1 - exact(cases), 14);
  });

  it('is off by no more than half the chance that a pair shares a bin', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ score: probability, label: fc.constantFrom(0, 1) })), (cases) => {
        const { negatives, positives } = histograms(cases);
        const [n, p] = [0, 1].map((label) => cases.filter((one) => one.label === label).length);
        const area = rocAuc(negatives, positives);
        if (n === 0 || p === 0) {
          expect(area).toBeNull();
          return;
        }
        const bound = positives.reduce((sum, count, bin) => sum + (count / p) * (negatives[bin] / n), 0) / 2;
        expect(Math.abs((area ?? Number.NaN) - exact(cases))).toBeLessThanOrEqual(bound + 1e-12);
      }),
    );
  });

  it('is off by less than a thousandth on scores as a network gives them', () => {
    const noise = createNoise(5);
    const cases = Array.from({ length: 1500 }, () => {
      const label = noise() < 0.4 ? 1 : 0;
      const logit = (label - 0.5) * 3 + (noise() + noise() + noise() - 1.5) * 8;
      return { label, score: Math.fround(1 / (1 + Math.exp(-logit))) };
    });
    const { negatives, positives } = histograms(cases);
    expect(Math.abs((rocAuc(negatives, positives) ?? 0) - exact(cases))).toBeLessThan(1e-3);
  });
});
