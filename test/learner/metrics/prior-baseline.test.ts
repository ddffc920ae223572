import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/learner/metrics/metrics.ts';
import { binaryPredictions, feed, multiclassPredictions } from './predictions.ts';

/** Accuracy, log loss and squared loss of the class frequencies so far, uniform at the start, step by step. */
function frequencies(targets: Float32Array, classes: number, binary: boolean) {
  const seen = Array<number>(classes).fill(1);
  let [right, nats, squared] = [0, 0, 0];
  for (const label of targets) {
    const total = seen.reduce((sum, count) => sum + count, 0);
    const best = Math.max(...seen);
    const guess = binary ? seen.lastIndexOf(best) : seen.indexOf(best);
    if (guess === label) right++;
    nats -= Math.log(seen[label] / total);
    const misses = seen.map((count, k) => ((k === label ? 1 : 0) - count / total) ** 2);
    squared += binary ? misses[1] / 2 : misses.reduce((sum, miss) => sum + miss, 0) / 2;
    seen[label]++;
  }
  const n = targets.length;
  return { accuracy: right / n, logLoss: nats / n, squared: squared / n };
}

const options = { window: 50, fading: 0.9 };

it('is the majority of two classes with the frequencies so far, an area of one half', () => {
  const all = binaryPredictions(800, 4);
  const expected = frequencies(all.targets, 2, true);
  const { baseline } = feed(createMetrics({ target: 'binary', outputs: 1, ...options }), all).report();
  expect(baseline.accuracy).toBeCloseTo(expected.accuracy, 12);
  expect(baseline.logLoss).toBeCloseTo(expected.logLoss, 12);
  expect(baseline.loss).toBeCloseTo(expected.logLoss, 12);
  expect(baseline).toMatchObject({ samples: 800, rocAuc: 0.5, window: { samples: 50 } });
});

it('is the majority of several', () => {
  const all = multiclassPredictions(800, 5, 4);
  const expected = frequencies(all.targets, 5, false);
  const { baseline } = feed(createMetrics({ target: 'multiclass', outputs: 5, ...options }), all).report();
  expect(baseline.accuracy).toBeCloseTo(expected.accuracy, 12);
  expect(baseline.logLoss).toBeCloseTo(expected.logLoss, 12);
});

it.each([
  ['binary', 1, 2, binaryPredictions(500, 7)],
  ['multiclass', 3, 3, multiclassPredictions(500, 3, 7)],
] as const)('is charged the loss of the network: squared, %s', (target, outputs, classes, all) => {
  const { baseline } = feed(createMetrics({ target, outputs, ...options, loss: 'squared' }), all).report();
  expect(baseline.loss).toBeCloseTo(frequencies(all.targets, classes, target === 'binary').squared, 12);
});
