// Axes with round numbers, and a panel for each figure that the target has.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CurvePoint } from '../../../src/cli/plot/curve.ts';
import { createPanels, ticksOf } from '../../../src/cli/plot/panels.ts';
import { noScores } from '../../../src/learner/metrics/scores.ts';

/** Points with the same figures for model and baseline, but for what is given. */
function pointsOf(figures: readonly Partial<CurvePoint['model']>[]): CurvePoint[] {
  return figures.map((model, i) => ({
    samples: 10 * (i + 1),
    model: { ...noScores, ...model },
    baseline: { ...noScores, ...model },
  }));
}

describe('ticks', () => {
  it('are round and within the axis', () => {
    expect(ticksOf(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf(0.4, 1)).toEqual([0.4, 0.6, 0.8, 1]);
    expect(ticksOf(0, 1250)).toEqual([0, 500, 1000]);
  });

  it('are few but never less than two, on any axis from 0', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (high) => {
        const ticks = ticksOf(0, high);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(ticks[ticks.length - 1]).toBeLessThanOrEqual(high * (1 + 1e-6));
      }),
    );
  });
});

describe('panels', () => {
  it('are loss and accuracy for classes, RMSE and MAE for values', () => {
    const titles = (figures: Partial<CurvePoint['model']>) =>
      createPanels(pointsOf([figures])).map(({ title }) => title);
    expect(titles({ loss: 0.5, accuracy: 0.9 })).toEqual(['Loss', 'Accuracy']);
    expect(titles({ loss: 0.5, rmse: 1, mae: 0.8 })).toEqual(['RMSE', 'MAE']);
    expect(titles({})).toEqual([]);
  });

  it('reach over all that is drawn but the first twentieth', () => {
    const figures = Array.from({ length: 100 }, (_, i) => ({
      loss: i < 3 ? 50 : 0.7 - i / 1000,
      accuracy: 0.5 + i / 250,
    }));
    const [loss, accuracy] = createPanels(pointsOf(figures));
    expect([loss.low, loss.high]).toEqual([0, 0.8]);
    expect(accuracy.low).toBeGreaterThan(0.4);
    expect(accuracy.high).toBe(0.9);
    expect(loss.model).toHaveLength(100);
  });

  it('have an axis where nothing varies', () => {
    const [loss, accuracy] = createPanels(pointsOf([{ loss: 0, accuracy: 1 }]));
    for (const { low, high } of [loss, accuracy]) expect(high).toBeGreaterThan(low);
  });
});
