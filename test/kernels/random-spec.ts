// Random learners and random samples for them: every optimiser, batch size, regularisation, scaler and so on, mixed.

import fc from 'fast-check';
import type {
  ActivationName,
  LearnerSpec,
  OptimizerSpec,
  ScaleName,
  ScheduleSpec,
  TargetType,
} from '../../src/learner/spec.ts';
import type { Block } from '../../src/sample/block.ts';

const activations: ActivationName[] = ['sigmoid', 'tanh', 'relu', 'leaky-relu', 'elu', 'gelu', 'softplus', 'linear'];
const scales: ScaleName[] = ['standard', 'minmax', 'none'];

const optimizer: fc.Arbitrary<OptimizerSpec> = fc.constantFrom(
  { type: 'sgd', learningRate: 0.05 },
  { type: 'sgd', learningRate: 0.05 },
  { type: 'momentum', learningRate: 0.02, momentum: 0.9 },
  { type: 'nesterov', learningRate: 0.02, momentum: 0.9 },
  { type: 'adagrad', learningRate: 0.1, epsilon: 1e-10, initialAccumulator: 0.01 },
  { type: 'rmsprop', learningRate: 0.01, alpha: 0.99, epsilon: 1e-8 },
  { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  { type: 'adamw', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
);

const schedule: fc.Arbitrary<ScheduleSpec> = fc.constantFrom(
  { type: 'constant', warmUpSteps: 0 },
  { type: 'constant', warmUpSteps: 7 },
  { type: 'inverse-scaling', power: 0.5, decaySteps: 10, warmUpSteps: 0 },
  { type: 'step', factor: 0.7, everySteps: 5, warmUpSteps: 3 },
  { type: 'cosine', steps: 30, minimumRatio: 0.1, warmUpSteps: 0 },
);

/** Target, output activation and loss that go together. */
const heads = [
  ['regression', 'linear', 'squared'],
  ['regression', 'linear', 'huber'],
  ['regression', 'sigmoid', 'squared'],
  ['regression', 'sigmoid', 'huber'],
  ['binary', 'sigmoid', 'cross-entropy'],
  ['binary', 'sigmoid', 'squared'],
  ['binary', 'sigmoid', 'huber'],
  ['multiclass', 'softmax', 'cross-entropy'],
  ['multiclass', 'softmax', 'squared'],
] as const;

function outputsOf(target: TargetType, wanted: number): number {
  if (target === 'binary') return 1;
  return target === 'multiclass' ? Math.max(2, wanted) : wanted;
}

export const randomSpec: fc.Arbitrary<LearnerSpec> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 21 }),
    wanted: fc.integer({ min: 1, max: 11 }),
    head: fc.constantFrom(...heads),
    hidden: fc.array(
      fc.record({
        units: fc.integer({ min: 1, max: 23 }),
        activation: fc.constantFrom(...activations),
        dropout: fc.constantFrom(0, 0, 0.3),
      }),
      { maxLength: 3 },
    ),
    optimizer,
    schedule,
    regularization: fc.record({
      l1: fc.constantFrom(0, 0, 0, 0.001),
      l2: fc.constantFrom(0, 0, 0, 0.01),
      weightDecay: fc.constantFrom(0, 0, 0, 0.1),
      applyTo: fc.constantFrom('weights' as const, 'all' as const),
    }),
    clipNorm: fc.constantFrom(null, null, 0.5),
    batchSize: fc.constantFrom(1, 1, 2, 3, 8, 40),
    batchReduction: fc.constantFrom('mean' as const, 'sum' as const),
    initializer: fc.constantFrom(
      { type: 'xavier' as const },
      { type: 'he' as const },
      { type: 'uniform' as const, low: -0.4, high: 0.4 },
    ),
    seed: fc.nat(),
    scaleOf: fc.array(fc.constantFrom(...scales), { minLength: 1, maxLength: 4 }),
    clipInputs: fc.constantFrom(null, 2, 5),
    standardize: fc.boolean(),
    rehearsal: fc.constantFrom(null, null, { perSample: 3, buffer: 7, until: 40 }),
    weighted: fc.boolean(),
  })
  .map(({ wanted, head: [target, outputActivation, loss], scaleOf, standardize, weighted, ...rest }) => {
    const outputs = outputsOf(target, wanted);
    return {
      ...rest,
      target,
      outputActivation,
      loss,
      outputs,
      initialParameters: null,
      scale: Array.from({ length: rest.inputs }, (_, c) => scaleOf[c % scaleOf.length]),
      standardizeTarget: standardize && target === 'regression' && outputActivation === 'linear',
      classWeights:
        weighted && target !== 'regression' ? Array.from({ length: Math.max(2, outputs) }, (_, k) => 1 + k / 2) : null,
      metricsWindow: 10,
      metricsFading: 0.9,
    };
  });

const nothing = { l1: 0, l2: 0, weightDecay: 0, applyTo: 'all' } as const;

/** What kernels have short cuts for: plain SGD, every column scaled alike, no dropout. */
const plainSpec: fc.Arbitrary<LearnerSpec> = fc.tuple(randomSpec, fc.constantFrom(...scales)).map(([spec, scale]) => ({
  ...spec,
  optimizer: { type: 'sgd', learningRate: 0.05 },
  regularization: nothing,
  clipNorm: null,
  hidden: spec.hidden.map((layer) => ({ ...layer, dropout: 0 })),
  scale: new Array(spec.inputs).fill(scale),
}));

/** Layers wide enough for every unrolled loop of a kernel, with all its remainders. */
export const wideSpec: fc.Arbitrary<LearnerSpec> = fc
  .tuple(fc.oneof(randomSpec, plainSpec), fc.integer({ min: 30, max: 140 }), fc.integer({ min: 25, max: 75 }))
  .map(([spec, inputs, units]) => ({
    ...spec,
    inputs,
    scale: new Array(inputs).fill(spec.scale[0]),
    hidden: [{ units, activation: 'relu', dropout: spec.hidden[0]?.dropout ?? 0 }, ...spec.hidden.slice(0, 1)],
  }));

/** Learners whose numbers grow without bound, sooner or later: rates and penalties far too large, on unscaled inputs. */
export const divergingSpec: fc.Arbitrary<LearnerSpec> = fc
  .tuple(randomSpec, fc.constantFrom(1, 1e4, 1e12, 1e30), fc.constantFrom(0, 0, 1e3), fc.constantFrom(...scales))
  .map(([spec, factor, weightDecay, scale]) => ({
    ...spec,
    hidden: spec.hidden.map((layer) => ({ ...layer, activation: layer.units % 2 === 0 ? 'linear' : layer.activation })),
    optimizer: { ...spec.optimizer, learningRate: factor },
    regularization: { ...spec.regularization, weightDecay },
    scale: new Array(spec.inputs).fill(scale),
    clipInputs: null,
    standardizeTarget: false,
  }));

/** One hidden relu layer and one output: what a kernel has a pass of its own for, where the inputs are few. */
export const shallowSpec: fc.Arbitrary<LearnerSpec> = fc
  .tuple(fc.oneof(randomSpec, plainSpec, divergingSpec), fc.integer({ min: 1, max: 10 }))
  .filter(([spec]) => spec.outputs === 1)
  .map(([spec, quads]) => ({ ...spec, hidden: [{ units: 4 * quads, activation: 'relu', dropout: 0 }] }));

/** Numbers in [0, 1) from a seed, for test data only. */
export function createNoise(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** `count` samples for a spec: some without a label, some with missing inputs, some weighted, one input in ten large. */
export function randomBlock(spec: LearnerSpec, count: number, seed: number): Block {
  const noise = createNoise(seed);
  const targets = spec.target === 'multiclass' ? 1 : spec.outputs;
  const input = (): number => {
    const kind = noise();
    if (kind < 0.05) return Number.NaN;
    if (kind < 0.2) return 0;
    return (noise() - 0.5) * (kind > 0.95 ? 200 : 4);
  };
  const target = (): number => {
    if (spec.target === 'multiclass') return Math.floor(noise() * spec.outputs);
    return spec.target === 'binary' ? Math.round(noise()) : noise() * 6 - 2;
  };
  return {
    count,
    recordIndex: Int32Array.from({ length: count }, (_, r) => r),
    inputs: Float32Array.from({ length: count * spec.inputs }, input),
    targets: Float32Array.from({ length: count * targets }, target),
    labelled: Uint8Array.from({ length: count }, () => (noise() < 0.85 ? 1 : 0)),
    weights: Float32Array.from({ length: count }, () => (noise() < 0.2 ? noise() * 2 : 1)),
    rejections: [],
  };
}
