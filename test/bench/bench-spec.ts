// The learners that the benches run.

import type { LearnerSpec } from '../../src/learner/spec.ts';

/** What a learner of a bench is like; the rest is fixed below. */
export interface BenchCase {
  readonly network: readonly [inputs: number, ...hidden: number[], outputs: number];
  readonly batchSize: number;
  readonly optimizer?: 'adam';
  readonly rehearsal?: number;
}

/** Cross-entropy over relu layers, plain SGD unless said, inputs as they are. */
export function benchSpec({ network, batchSize, optimizer, rehearsal }: BenchCase): LearnerSpec {
  const outputs = network[network.length - 1];
  const multiclass = outputs > 1;
  return {
    inputs: network[0],
    outputs,
    target: multiclass ? 'multiclass' : 'binary',
    hidden: network.slice(1, -1).map((units) => ({ units, activation: 'relu', dropout: 0 })),
    outputActivation: multiclass ? 'softmax' : 'sigmoid',
    loss: 'cross-entropy',
    optimizer:
      optimizer === 'adam'
        ? { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
        : { type: 'sgd', learningRate: 0.01 },
    schedule: { type: 'constant', warmUpSteps: 0 },
    regularization: { l1: 0, l2: 0, weightDecay: 0, applyTo: 'weights' },
    clipNorm: null,
    batchSize,
    batchReduction: 'mean',
    initializer: { type: 'he' },
    initialParameters: null,
    seed: 1,
    scale: new Array(network[0]).fill('none'),
    clipInputs: null,
    standardizeTarget: false,
    rehearsal: rehearsal === undefined ? null : { perSample: rehearsal, buffer: 1000, until: 1e15 },
    classWeights: null,
    metricsWindow: 1000,
    metricsFading: 0.999,
  };
}
