// The learner that a golden case asks for, or the reason why there is none.

import type {
  ActivationName,
  LearnerSpec,
  LossName,
  OptimizerSpec,
  OutputActivation,
  TargetType,
} from '../../src/learner/spec.ts';
import type { GoldenCase } from './golden-case.ts';

/** A reason for skipping a case. */
export class Unsupported extends Error {}

const hiddenNames: Readonly<Record<string, ActivationName>> = {
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  relu: 'relu',
  leaky_relu: 'leaky-relu',
  elu: 'elu',
  gelu: 'gelu',
  softplus: 'softplus',
  linear: 'linear',
};
const outputNames: Readonly<Record<string, OutputActivation>> = {
  linear: 'linear',
  sigmoid: 'sigmoid',
  softmax: 'softmax',
};
const lossNames: Readonly<Record<string, LossName>> = {
  half_squared_error: 'squared',
  huber: 'huber',
  binary_cross_entropy: 'cross-entropy',
  categorical_cross_entropy: 'cross-entropy',
};

function nameIn<T>(names: Readonly<Record<string, T>>, name: string, what: string): T {
  if (Object.hasOwn(names, name)) return names[name];
  throw new Unsupported(`${what} ${name}`);
}

/** A number of a loose object; `fallback` where it is absent. */
function numberOf(from: Readonly<Record<string, unknown>>, key: string, fallback: number): number {
  const value = from[key];
  return typeof value === 'number' ? value : fallback;
}

/** Refuses a parameter that is given with another value than the only one there is. */
function requireOnly(from: Readonly<Record<string, unknown>>, key: string, only: number | boolean | string): void {
  const value = from[key];
  if (value !== undefined && value !== null && value !== only) {
    throw new Unsupported(`${key} ${String(value)} (only ${String(only)})`);
  }
}

function checkLayer(layer: GoldenCase['layers'][number]): void {
  if (layer.activation === 'leaky_relu') {
    for (const key of ['slope', 'negativeSlope', 'alpha']) requireOnly(layer, key, 0.01);
  }
  if (layer.activation === 'elu') requireOnly(layer, 'alpha', 1);
  if (layer.activation === 'softplus') requireOnly(layer, 'beta', 1);
  if (layer.activation === 'gelu') requireOnly(layer, 'approximate', 'none');
}

function optimizerOf({ optimizer }: GoldenCase): OptimizerSpec {
  const learningRate = optimizer.lr;
  const epsilon = numberOf(optimizer, 'eps', 1e-8);
  const momentum = numberOf(optimizer, 'momentum', 0);
  switch (optimizer.type) {
    case 'sgd':
      requireOnly(optimizer, 'dampening', 0);
      if (momentum === 0) return { type: 'sgd', learningRate };
      return { type: optimizer.nesterov === true ? 'nesterov' : 'momentum', learningRate, momentum };
    case 'adagrad':
      for (const key of ['lrDecay', 'lr_decay']) requireOnly(optimizer, key, 0);
      return {
        type: 'adagrad',
        learningRate,
        epsilon: numberOf(optimizer, 'eps', 1e-10),
        initialAccumulator: numberOf(optimizer, 'initialAccumulator', 0),
      };
    case 'rmsprop':
      requireOnly(optimizer, 'centered', false);
      requireOnly(optimizer, 'momentum', 0);
      return { type: 'rmsprop', learningRate, alpha: numberOf(optimizer, 'alpha', 0.99), epsilon };
    case 'adam':
    case 'adamw':
      requireOnly(optimizer, 'amsgrad', false);
      return {
        type: optimizer.type,
        learningRate,
        beta1: numberOf(optimizer, 'beta1', 0.9),
        beta2: numberOf(optimizer, 'beta2', 0.999),
        epsilon,
      };
    default:
      throw new Unsupported(`optimiser ${optimizer.type}`);
  }
}

function targetOf(golden: GoldenCase, output: OutputActivation): TargetType {
  if (golden.loss === 'binary_cross_entropy') {
    if (output !== 'sigmoid') throw new Unsupported(`binary cross-entropy with a ${output} output`);
    return 'binary';
  }
  if (golden.loss === 'categorical_cross_entropy' && output !== 'softmax') {
    throw new Unsupported(`categorical cross-entropy with a ${output} output`);
  }
  return output === 'softmax' ? 'multiclass' : 'regression';
}

/** Rows of the largest batch: smaller ones are filled up with samples of weight 0. */
export function largestBatch({ batches }: GoldenCase): number {
  return Math.max(...batches.map(({ x }) => x.length));
}

/** The spec of a case. Throws Unsupported with the reason where Millrace has no such learner. */
export function specOf(golden: GoldenCase): LearnerSpec {
  const { layers, regularization } = golden;
  layers.forEach(checkLayer);
  const last = layers[layers.length - 1];
  const outputActivation = nameIn(outputNames, last.activation, 'output activation');
  const coupled = regularization.weightDecayMode === 'coupled';
  if (regularization.clipNorm !== null && regularization.clipEps !== 1e-6) {
    throw new Unsupported(`clipEps ${regularization.clipEps} (only 1e-6)`);
  }
  const loss = nameIn(lossNames, golden.loss, 'loss');
  if (loss === 'huber') requireOnly(golden.lossParams ?? {}, 'delta', 1);
  return {
    inputs: layers[0].in,
    outputs: last.out,
    target: targetOf(golden, outputActivation),
    hidden: layers.slice(0, -1).map(({ out, activation }) => ({
      units: out,
      activation: nameIn(hiddenNames, activation, 'activation'),
      dropout: 0,
    })),
    outputActivation,
    loss,
    optimizer: optimizerOf(golden),
    schedule: { type: 'constant', warmUpSteps: 0 },
    regularization: {
      l1: regularization.l1,
      l2: coupled ? regularization.weightDecay : 0,
      weightDecay: coupled ? 0 : regularization.weightDecay,
      applyTo: regularization.applyTo,
    },
    clipNorm: regularization.clipNorm,
    batchSize: largestBatch(golden),
    batchReduction: 'sum',
    initializer: { type: 'zeros' },
    initialParameters: golden.initial,
    seed: 0,
    scale: new Array(layers[0].in).fill('none'),
    clipInputs: null,
    standardizeTarget: false,
    rehearsal: null,
    classWeights: null,
    metricsWindow: 100,
    metricsFading: 0.99,
  };
}
