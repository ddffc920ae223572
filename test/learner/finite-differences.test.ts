// Backpropagation against finite differences of the loss, for each activation × loss, random shapes.
// The loss difference is taken over one parameter at a time; float32 limits it to about three digits.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLearner } from '../../src/learner/create-learner.ts';
import type {
  ActivationName,
  GivenLayer,
  LearnerSpec,
  LossName,
  OutputActivation,
  TargetType,
} from '../../src/learner/spec.ts';
import type { Block } from '../../src/sample/block.ts';
import { createNoise } from '../kernels/random-spec.ts';

const activations: ActivationName[] = ['sigmoid', 'tanh', 'relu', 'leaky-relu', 'elu', 'gelu', 'softplus', 'linear'];
const heads: [TargetType, OutputActivation, LossName][] = [
  ['regression', 'linear', 'squared'],
  ['regression', 'linear', 'huber'],
  ['regression', 'sigmoid', 'squared'],
  ['regression', 'sigmoid', 'huber'],
  ['binary', 'sigmoid', 'cross-entropy'],
  ['binary', 'sigmoid', 'squared'],
  ['binary', 'sigmoid', 'huber'],
  ['multiclass', 'softmax', 'cross-entropy'],
  ['multiclass', 'softmax', 'squared'],
];

function specOf(
  activation: ActivationName,
  [target, outputActivation, loss]: (typeof heads)[number],
  sizes: { readonly inputs: number; readonly hidden: readonly number[]; readonly outputs: number },
): LearnerSpec {
  return {
    inputs: sizes.inputs,
    outputs: target === 'multiclass' ? sizes.outputs + 1 : target === 'binary' ? 1 : sizes.outputs,
    target,
    hidden: sizes.hidden.map((units) => ({ units, activation, dropout: 0 })),
    outputActivation,
    loss,
    optimizer: { type: 'sgd', learningRate: 1 },
    schedule: { type: 'constant', warmUpSteps: 0 },
    regularization: { l1: 0, l2: 0, weightDecay: 0, applyTo: 'all' },
    clipNorm: null,
    batchSize: 2,
    batchReduction: 'sum',
    initializer: { type: 'zeros' },
    initialParameters: null,
    seed: 1,
    scale: new Array(sizes.inputs).fill('none'),
    clipInputs: null,
    standardizeTarget: false,
    rehearsal: null,
    classWeights: null,
    metricsWindow: 1,
    metricsFading: 1,
  };
}

function randomLayers(spec: LearnerSpec, noise: () => number): GivenLayer[] {
  const widths = [spec.inputs, ...spec.hidden.map(({ units }) => units), spec.outputs];
  return widths.slice(1).map((outputs, l) => ({
    weights: Array.from({ length: outputs }, () => Array.from({ length: widths[l] }, () => (noise() - 0.5) * 2)),
    biases: Array.from({ length: outputs }, () => noise() - 0.5),
  }));
}

/** One sample, learnt into the running gradient only. */
function learnOne(spec: LearnerSpec, layers: readonly GivenLayer[], block: Block) {
  const learner = createLearner({ ...spec, initialParameters: layers });
  const loss = learner.learn(block).losses[0];
  const gradient = (l: number, part: string): Float32Array => {
    const data = learner.snapshot().find(({ name }) => name === `layers.${l}.${part}.gradient`)?.data;
    return new Float32Array(data?.buffer ?? new ArrayBuffer(0));
  };
  return { loss, gradient };
}

/** The layers with one weight moved. */
function moved(layers: readonly GivenLayer[], l: number, [i, j]: readonly [number, number], by: number): GivenLayer[] {
  return layers.map((layer, at) => {
    if (at !== l) return layer;
    if (j < 0) return { ...layer, biases: layer.biases.map((bias, r) => (r === i ? bias + by : bias)) };
    const weights = layer.weights.map((row, r) => row.map((w, c) => (r === i && c === j ? w + by : w)));
    return { ...layer, weights };
  });
}

describe.each(activations)('%s', (activation) => {
  it.each(heads)('under a %s target, %s output and %s loss', (...head) => {
    const sizes = fc.record({
      inputs: fc.integer({ min: 1, max: 9 }),
      hidden: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
      outputs: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(sizes, fc.nat(), (shape, seed) => {
        const spec = specOf(activation, head, shape);
        const noise = createNoise(seed);
        const layers = randomLayers(spec, noise);
        const wide = spec.target === 'multiclass' ? 1 : spec.outputs;
        const pick = (): number =>
          spec.target === 'multiclass' ? Math.floor(noise() * spec.outputs) : Math.round(noise() * 4) / 2;
        const target = (): number => (spec.target === 'binary' ? Math.round(noise()) : pick());
        const block: Block = {
          count: 1,
          recordIndex: new Int32Array(1),
          inputs: Float32Array.from({ length: spec.inputs }, () => (noise() - 0.5) * 3),
          targets: Float32Array.from({ length: wide }, target),
          labelled: new Uint8Array([1]),
          weights: new Float32Array([1]),
          rejections: [],
        };
        const { gradient } = learnOne(spec, layers, block);
        const l = Math.floor(noise() * layers.length);
        const i = Math.floor(noise() * layers[l].biases.length);
        const j = Math.floor(noise() * (layers[l].weights[0].length + 1)) - 1;
        const h = 2 ** -7;
        const at = (by: number): number => learnOne(spec, moved(layers, l, [i, j], by), block).loss;
        const slopes = [(at(h) - at(0)) / h, (at(0) - at(-h)) / h];
        // Across a kink of relu, leaky relu or huber there is no one slope to compare with.
        fc.pre(Math.abs(slopes[0] - slopes[1]) < 0.02);
        const width = layers[l].weights[0].length;
        const backward = j < 0 ? gradient(l, 'biases')[i] : gradient(l, 'weights')[i * width + j];
        expect(backward).toBeCloseTo((slopes[0] + slopes[1]) / 2, 2);
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
