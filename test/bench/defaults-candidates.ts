// What the defaults are measured against: the same with one thing changed, and learning without rehearsal.

import type { ModelOptions } from './defaults-score.ts';

export interface Candidate {
  readonly name: string;
  /** The `model` section; what it leaves out is the default. */
  readonly model: ModelOptions;
}

const adam = (learningRate: number, rest: ModelOptions = {}): ModelOptions => ({
  optimizer: { type: 'adam', learningRate },
  ...rest,
});
const sgd = (learningRate: number, rest: ModelOptions = {}): ModelOptions => ({
  optimizer: { type: 'sgd', learningRate },
  ...rest,
});

/** Each with the sizes of the network that the defaults have: one hidden layer of 32 ReLU. */
export const candidates: readonly Candidate[] = [
  { name: 'defaults', model: {} },
  { name: 'adam 0.001', model: adam(0.001) },
  { name: 'adam 0.003', model: adam(0.003) },
  { name: 'adam 0.005', model: adam(0.005) },
  { name: '5 a sample', model: { rehearsal: { perSample: 5 } } },
  { name: '10 a sample', model: { rehearsal: { perSample: 10 } } },
  { name: '30 a sample', model: { rehearsal: { perSample: 30 } } },
  { name: 'buffer 300', model: { rehearsal: { buffer: 300 } } },
  { name: 'buffer 3000', model: { rehearsal: { buffer: 3000 } } },
  { name: 'until 3000', model: { rehearsal: { until: 3000 } } },
  { name: 'until 20000', model: { rehearsal: { until: 20_000 } } },
  { name: 'initializer he', model: { initializer: { type: 'he' } } },
  { name: 'initializer xavier', model: { initializer: { type: 'xavier' } } },
  { name: 'clipInputs 3', model: { clipInputs: 3 } },
  { name: 'clipInputs false', model: { clipInputs: false } },
  { name: 'scale minmax', model: { scale: 'minmax' } },
  { name: 'weightDecay 0.003', model: { weightDecay: 0.003 } },
  { name: 'weightDecay 0.01', model: { weightDecay: 0.01 } },
  { name: 'sgd 0.01', model: sgd(0.01) },
  { name: 'sgd 0.05', model: sgd(0.05) },
  { name: 'adagrad 0.05', model: { optimizer: { type: 'adagrad', learningRate: 0.05 } } },
  { name: 'rmsprop 0.001', model: { optimizer: { type: 'rmsprop', learningRate: 0.001 } } },
  { name: 'no rehearsal, adam 0.003', model: adam(0.003, { rehearsal: false }) },
  { name: 'no rehearsal, adam 0.01', model: adam(0.01, { rehearsal: false }) },
  { name: 'no rehearsal, sgd 0.02', model: sgd(0.02, { rehearsal: false }) },
  { name: 'no rehearsal, sgd 0.05', model: sgd(0.05, { rehearsal: false }) },
];
