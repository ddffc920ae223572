// Dead units are those that no remembered sample gets a gradient through.

import { expect, it } from 'vitest';
import { createLearner } from '../../src/learner/create-learner.ts';
import { findDeadUnits } from '../../src/learner/dead-units.ts';
import type { ActivationName, LearnerSpec } from '../../src/learner/spec.ts';
import { benchSpec } from '../bench/bench-spec.ts';
import { randomBlock } from '../kernels/random-spec.ts';

/** Two hidden layers; the first and the third unit of the first, and the second of the second, far below 0. */
function specOf(activation: ActivationName, rehearsal: LearnerSpec['rehearsal']): LearnerSpec {
  return {
    ...benchSpec({ network: [2, 4, 3, 1], batchSize: 1 }),
    hidden: [4, 3].map((units) => ({ units, activation, dropout: 0 })),
    optimizer: { type: 'sgd', learningRate: 1e-6 },
    rehearsal,
    scale: ['standard', 'standard'],
    clipInputs: 5,
    initialParameters: [
      {
        weights: [
          [1, 1],
          [1, -1],
          [-1, 1],
          [-1, -1],
        ],
        biases: [-1e4, 0.1, -1e4, 0.1],
      },
      { weights: new Array(3).fill([1, 1, 1, 1]), biases: [0.1, -1e4, 0.1] },
      { weights: [[1, 1, 1]], biases: [0] },
    ],
  };
}

function deadAfter(spec: LearnerSpec, rows: number) {
  const learner = createLearner(spec);
  learner.learn(randomBlock(spec, rows, 3));
  return findDeadUnits(spec, learner.snapshot());
}

const rehearsal = { perSample: 1, buffer: 50, until: 1000 };

it('counts relu units that are at or below 0 on every remembered sample, by layer', () => {
  expect(deadAfter(specOf('relu', rehearsal), 200)).toEqual({ samples: 50, byLayer: [2, 1] });
});

it('counts a unit of any activation whose slope vanishes, and none whose slope never does', () => {
  expect(deadAfter(specOf('elu', rehearsal), 200)?.byLayer).toEqual([2, 1]);
  expect(deadAfter(specOf('sigmoid', rehearsal), 200)?.byLayer).toEqual([2, 1]);
  expect(deadAfter(specOf('leaky-relu', rehearsal), 200)?.byLayer).toEqual([0, 0]);
  expect(deadAfter(specOf('linear', rehearsal), 200)?.byLayer).toEqual([0, 0]);
});

it('cannot tell without a sample to look with', () => {
  expect(deadAfter(specOf('relu', null), 200)).toBeNull();
  expect(deadAfter(specOf('relu', rehearsal), 0)).toBeNull();
});
