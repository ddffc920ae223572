// Numbers that cannot ruin the state, on every kernel: whatever finite samples come, no parameter, moment or statistic is
// ever NaN or infinite, published values are finite, and a refused step is counted and leaves the parameters as they were.

import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../src/kernels/kernel.ts';
import type { LearnerSpec, OptimizerSpec } from '../../src/learner/spec.ts';
import type { Block } from '../../src/sample/block.ts';
import { countOf, learnRows, openKernel, predictRows, stateNumbers } from './drive.ts';
import { createNoise } from './random-spec.ts';

const largest = 3.4028234663852886e38;
const smallest = 1.401298464324817e-45;

const base: LearnerSpec = {
  inputs: 3,
  outputs: 1,
  target: 'binary',
  hidden: [{ units: 5, activation: 'relu', dropout: 0 }],
  outputActivation: 'sigmoid',
  loss: 'cross-entropy',
  optimizer: { type: 'sgd', learningRate: 0.1 },
  schedule: { type: 'constant', warmUpSteps: 0 },
  regularization: { l1: 0, l2: 0, weightDecay: 0, applyTo: 'all' },
  clipNorm: null,
  batchSize: 1,
  batchReduction: 'mean',
  initializer: { type: 'xavier' },
  initialParameters: null,
  seed: 3,
  scale: ['none', 'none', 'none'],
  clipInputs: null,
  standardizeTarget: false,
  rehearsal: null,
  classWeights: null,
  metricsWindow: 10,
  metricsFading: 0.9,
};

const regression: LearnerSpec = { ...base, target: 'regression', outputActivation: 'linear', loss: 'squared' };

/** A network of one weight and one bias. */
const neuron: LearnerSpec = { ...base, inputs: 1, hidden: [], scale: ['none'] };

const withParameters = (spec: LearnerSpec, weight: number, bias: number): LearnerSpec => ({
  ...spec,
  initialParameters: [{ weights: [[weight]], biases: [bias] }],
});

/** Labelled samples of weight 1 from rows of inputs and a target each. */
function blockOf(rows: readonly (readonly [inputs: readonly number[], target: number])[]): Block {
  const count = rows.length;
  return {
    count,
    recordIndex: Int32Array.from({ length: count }, (_, r) => r),
    inputs: Float32Array.from(rows.flatMap(([inputs]) => inputs)),
    targets: Float32Array.from(rows.map(([, target]) => target)),
    labelled: new Uint8Array(count).fill(1),
    weights: new Float32Array(count).fill(1),
    rejections: [],
  };
}

function noisyRows(count: number, size: number, seed = 5): [number[], number][] {
  const noise = createNoise(seed);
  return Array.from({ length: count }, () => {
    const inputs = [noise() - 0.5, noise() - 0.5, noise() - 0.5].map((x) => x * size);
    return [inputs, Math.round(noise())];
  });
}

function expectSound(kernel: Kernel): void {
  for (const [name, numbers] of stateNumbers(kernel)) {
    if (name !== 'rehearsal.inputs') expect(numbers.every(Number.isFinite), name).toBe(true);
  }
}

/** Learns all rows and checks that state and everything published are finite; returns outputs, losses and versions. */
function learnSoundly(kernel: Kernel, block: Block, size = 32): number[][] {
  const published = learnRows(kernel, block, size).map((row) => row.split(' ').map(Number));
  expectSound(kernel);
  expect(published.flat().every(Number.isFinite)).toBe(true);
  return published;
}

const parametersOf = (kernel: Kernel): (readonly number[] | undefined)[] =>
  [0, 1].flatMap((l) => ['weights', 'biases'].map((part) => stateNumbers(kernel).get(`layers.${l}.${part}`)));

const optimizers: OptimizerSpec[] = [
  { type: 'sgd', learningRate: 1e9 },
  { type: 'momentum', learningRate: 1e9, momentum: 0.9 },
  { type: 'nesterov', learningRate: 1e9, momentum: 0.9 },
  { type: 'adagrad', learningRate: 1e37, epsilon: 1e-10, initialAccumulator: 0 },
  { type: 'rmsprop', learningRate: 1e37, alpha: 0.99, epsilon: 1e-8 },
  { type: 'adam', learningRate: 1e37, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  { type: 'adamw', learningRate: 1e37, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
];

describe.each<Kernel['kind']>(['reference', 'wasm-simd'])('the %s kernel', (kind) => {
  it('takes e^z beyond float64: a sigmoid at ±1e30', () => {
    for (const weight of [1e30, -1e30]) {
      const kernel = openKernel(withParameters(neuron, weight, 0), kind);
      const [[output, loss]] = learnSoundly(kernel, blockOf([[[1], weight > 0 ? 1 : 0]]));
      expect([output, loss]).toEqual([weight > 0 ? 1 : 0, 0]);
      expect(countOf(kernel, 'refused')).toBe(0);
    }
  });

  it('takes ln 0: a probability of 0 for what happened costs its logit, not Infinity', () => {
    const kernel = openKernel(withParameters(neuron, 1000, 0), kind);
    const [[output, loss]] = learnSoundly(kernel, blockOf([[[1], 0]]));
    expect([output, loss]).toEqual([1, 1000]);
  });

  it('takes a softmax with logits 2e30 apart', () => {
    const spec: LearnerSpec = {
      ...neuron,
      outputs: 2,
      target: 'multiclass',
      outputActivation: 'softmax',
      initialParameters: [{ weights: [[1e30], [-1e30]], biases: [0, 0] }],
    };
    const [[first, second, loss]] = learnSoundly(openKernel(spec, kind), blockOf([[[1], 1]]));
    expect([first, second]).toEqual([1, 0]);
    expect(loss).toBeCloseTo(2e30, -24);
  });

  it.each(['sigmoid', 'tanh', 'elu', 'gelu', 'softplus'] as const)(
    'takes hidden logits of ±1e38 through %s',
    (activation) => {
      for (const weight of [1e38, -1e38]) {
        const spec: LearnerSpec = {
          ...neuron,
          hidden: [{ units: 1, activation, dropout: 0 }],
          initialParameters: [
            { weights: [[weight]], biases: [0] },
            { weights: [[1e-30]], biases: [0] },
          ],
        };
        learnSoundly(
          openKernel(spec, kind),
          blockOf([
            [[1], 1],
            [[0], 0],
            [[3], 1],
          ]),
        );
      }
    },
  );

  it.each(['standard', 'minmax', 'none'] as const)('learns features that never vary, scaled %s', (scale) => {
    const spec: LearnerSpec = { ...base, scale: [scale, scale, scale], clipInputs: 5 };
    const kernel = openKernel(spec, kind);
    const rows = noisyRows(200, 1).map(([, y]): [number[], number] => [[7, 0.1, -1e-3], y]);
    learnSoundly(kernel, blockOf(rows));
    expect(countOf(kernel, 'steps')).toBe(200);
    // The first one that varies, far away, is no catastrophe either.
    learnSoundly(
      kernel,
      blockOf([
        [[1e30, 0.1, 0], 1],
        [[7, -1e30, 0], 0],
      ]),
    );
  });

  it('learns from a stream of one class until it is certain', () => {
    const kernel = openKernel({ ...base, optimizer: { type: 'sgd', learningRate: 5 } }, kind);
    const rows = noisyRows(5000, 10).map(([inputs]): [number[], number] => [inputs, 1]);
    const published = learnSoundly(kernel, blockOf(rows));
    expect(published[4999][0]).toBeGreaterThan(0.999);
    expect(countOf(kernel, 'refused')).toBe(0);
  });

  it('learns a target that never varies, standardised', () => {
    const kernel = openKernel({ ...regression, standardizeTarget: true }, kind);
    const published = learnSoundly(kernel, blockOf(noisyRows(100, 1).map(([inputs]) => [inputs, 42])));
    expect(published.slice(1).every(([output]) => output === 42)).toBe(true);
  });

  it.each(['standard', 'minmax', 'none'] as const)('takes subnormal inputs, scaled %s', (scale) => {
    const spec: LearnerSpec = {
      ...base,
      scale: [scale, scale, scale],
      initializer: { type: 'uniform', low: -1e-38, high: 1e-38 },
    };
    const rows = noisyRows(100, 40).map(([inputs, y]): [number[], number] => [
      inputs.map((x) => Math.round(x) * smallest),
      y,
    ]);
    const kernel = openKernel(spec, kind);
    learnSoundly(kernel, blockOf(rows));
    expect(countOf(kernel, 'refused')).toBe(0);
  });

  it.each(['standard', 'minmax', 'none'] as const)(
    'takes inputs and targets at float32’s limits, scaled %s',
    (scale) => {
      const spec: LearnerSpec = { ...regression, scale: [scale, scale, scale], standardizeTarget: true };
      const rows = noisyRows(60, 2).map(([inputs]): [number[], number] => [
        inputs.map((x) => Math.sign(x) * largest),
        Math.sign(inputs[0]) * largest,
      ]);
      const kernel = openKernel(spec, kind);
      learnSoundly(kernel, blockOf(rows));
      expect(predictRows(kernel, blockOf(rows), 32).every(Number.isFinite)).toBe(true);
    },
  );

  it('takes a column that is always missing, then a first value', () => {
    const spec: LearnerSpec = { ...base, scale: ['standard', 'minmax', 'none'] };
    const kernel = openKernel(spec, kind);
    learnSoundly(kernel, blockOf(noisyRows(50, 1).map(([, y]) => [[Number.NaN, Number.NaN, Number.NaN], y])));
    learnSoundly(
      kernel,
      blockOf([
        [[3, -4, 5], 1],
        [[1, Number.NaN, 2], 0],
      ]),
    );
    expect(stateNumbers(kernel).get('scaler.missing')).toEqual([50, 51, 50]);
  });

  it.each(optimizers)('refuses the step that would overflow under $type, and keeps the parameters', (optimizer) => {
    const kernel = openKernel({ ...regression, optimizer }, kind);
    const rows = noisyRows(200, 1e4);
    let at = 0;
    let before = parametersOf(kernel);
    for (; at < rows.length && countOf(kernel, 'refused') === 0; at++) {
      before = parametersOf(kernel);
      learnSoundly(kernel, blockOf([rows[at]]));
    }
    expect(at).toBeLessThan(rows.length);
    expect(countOf(kernel, 'refused')).toBe(1);
    expect(parametersOf(kernel)).toEqual(before);
    const steps = countOf(kernel, 'steps');
    learnSoundly(kernel, blockOf(rows));
    expect(parametersOf(kernel)).toEqual(before);
    expect([countOf(kernel, 'refused'), countOf(kernel, 'steps')]).toEqual([1, steps]);
  });

  it.each([1, 8, 40])('stops at the same sample with batches of %i, in one call as in many', (batchSize) => {
    const spec: LearnerSpec = {
      ...regression,
      batchSize,
      optimizer: { type: 'sgd', learningRate: 1e6 },
      rehearsal: { perSample: 2, buffer: 10, until: 1000 },
    };
    const block = blockOf(noisyRows(400, 100));
    const whole = openKernel(spec, kind);
    const single = openKernel(spec, kind);
    expect(learnSoundly(whole, block, 400)).toEqual(learnSoundly(single, block, 1));
    expect(countOf(whole, 'refused')).toBe(1);
    expect(stateNumbers(whole)).toEqual(stateNumbers(single));
  });

  it.each([3, 1e3, 1e36])('refuses weight decay that grows the weights: rate 1 times %d', (weightDecay) => {
    const spec: LearnerSpec = {
      ...base,
      optimizer: { type: 'sgd', learningRate: 1 },
      regularization: { l1: 0, l2: 0, weightDecay, applyTo: 'weights' },
    };
    const kernel = openKernel(spec, kind);
    learnSoundly(kernel, blockOf(noisyRows(300, 1)));
    expect(countOf(kernel, 'refused')).toBe(1);
  });

  it('refuses to step on a sample of infinite weight', () => {
    const block = blockOf(noisyRows(3, 1));
    block.weights[1] = Number.POSITIVE_INFINITY;
    const kernel = openKernel({ ...base, batchSize: 3 }, kind);
    learnSoundly(kernel, block);
    expect(countOf(kernel, 'refused')).toBe(1);
  });
});
