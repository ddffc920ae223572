import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/learner/metrics/metrics.ts';
import { feed, regressionPredictions } from './predictions.ts';
import { maeOf, mseOf } from './reference.ts';

const options = { target: 'regression', outputs: 2, window: 50, fading: 0.9 } as const;

it('predicts the mean of the targets so far, 0 before the first', () => {
  const all = regressionPredictions(300, 2, 3);
  const cases = [0, 1].map((k) => {
    const targets = Array.from({ length: 300 }, (_, row) => all.targets[2 * row + k]);
    return targets.map((target, row) => ({
      target,
      prediction: row === 0 ? 0 : targets.slice(0, row).reduce((sum, value) => sum + value, 0) / row,
      weight: 1,
    }));
  });
  const { baseline } = feed(createMetrics(options), all).report();
  const mean = (figure: (one: (typeof cases)[0]) => number) => (figure(cases[0]) + figure(cases[1])) / 2;
  expect(baseline.mae).toBeCloseTo(mean(maeOf), 9);
  expect(baseline.rmse).toBeCloseTo(
    mean((one) => Math.sqrt(mseOf(one))),
    9,
  );
  expect(baseline.loss).toBeCloseTo((mseOf(cases[0]) + mseOf(cases[1])) / 2, 6);
});

it('has no loss to compare with a huber one', () => {
  const { baseline } = feed(createMetrics({ ...options, loss: 'huber' }), regressionPredictions(30, 2, 3)).report();
  expect([baseline.loss, baseline.window.loss, baseline.fading.loss]).toEqual([null, null, null]);
  expect(baseline.rmse).toBeGreaterThan(0);
});
