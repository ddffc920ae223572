// Predictions and labels made from a seed, in the arrays that the learner hands to its metrics.

import type { Metrics } from '../../../src/learner/metrics/metrics.ts';
import { createNoise } from '../../kernels/random-spec.ts';

/** `count` predicted samples. */
export interface Predicted {
  readonly count: number;
  /** [count × outputs] */
  readonly outputs: Float32Array;
  readonly losses: Float32Array;
  /** [count × targets] */
  readonly targets: Float32Array;
  readonly labelled: Uint8Array;
}

function predicted(count: number, outputs: number[], targets: number[], noise: () => number): Predicted {
  return {
    count,
    outputs: Float32Array.from(outputs),
    targets: Float32Array.from(targets),
    losses: Float32Array.from({ length: count }, () => noise() * 3),
    labelled: new Uint8Array(count).fill(1),
  };
}

/** A binary classifier that is right more often than not. */
export function binaryPredictions(count: number, seed: number): Predicted {
  const noise = createNoise(seed);
  const targets = Array.from({ length: count }, () => (noise() < 0.3 ? 1 : 0));
  const outputs = targets.map((label) => Math.min(Math.max((noise() + label) / 2, 1e-7), 1 - 1e-7));
  return predicted(count, outputs, targets, noise);
}

/** Probabilities of `classes` classes, the true one favoured. */
export function multiclassPredictions(count: number, classes: number, seed: number): Predicted {
  const noise = createNoise(seed);
  const targets = Array.from({ length: count }, () => Math.floor(noise() * noise() * classes));
  const outputs = targets.flatMap((label) => {
    const raw = Array.from({ length: classes }, (_, k) => noise() + (k === label ? 0.6 : 0));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((value) => value / sum);
  });
  return predicted(count, outputs, targets, noise);
}

/** Values around a large mean, so that a spread computed carelessly would lose its digits. */
export function regressionPredictions(count: number, outputs: number, seed: number): Predicted {
  const noise = createNoise(seed);
  const targets = Array.from({ length: count * outputs }, (_, index) => 1000 * (index % outputs) + 10 * noise());
  const predictions = targets.map((target) => target + 4 * noise() - 1.5);
  return predicted(count, predictions, targets, noise);
}

/** Rows [from, to), as a block of their own. */
export function slice(all: Predicted, from: number, to: number): Predicted {
  const part = <A extends Float32Array | Uint8Array>(array: A) => {
    const width = array.length / all.count;
    return array.slice(from * width, to * width);
  };
  return {
    count: to - from,
    outputs: new Float32Array(part(all.outputs)),
    losses: new Float32Array(part(all.losses)),
    targets: new Float32Array(part(all.targets)),
    labelled: new Uint8Array(part(all.labelled)),
  };
}

/** Scores the predictions, cut into blocks at the given rows. */
export function feed(metrics: Metrics, all: Predicted, cuts: readonly number[] = []): Metrics {
  const places = [0, ...[...cuts].sort((a, b) => a - b), all.count];
  for (let index = 1; index < places.length; index++) {
    const block = slice(all, places[index - 1], places[index]);
    metrics.update(block, block.targets, block.labelled, block.count);
  }
  return metrics;
}
