// Random cases of the golden format: every activation, loss, optimiser and penalty, shapes up to five layers.

import fc from 'fast-check';
import { createNoise } from '../kernels/random-spec.ts';
import type { GoldenCase } from './golden-case.ts';

const hidden = ['sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu', 'gelu', 'softplus', 'linear'];

/** Output activation and loss that go together. */
const heads = [
  ['linear', 'half_squared_error'],
  ['linear', 'huber'],
  ['sigmoid', 'half_squared_error'],
  ['sigmoid', 'huber'],
  ['sigmoid', 'binary_cross_entropy'],
  ['softmax', 'categorical_cross_entropy'],
  ['softmax', 'half_squared_error'],
] as const;

const optimizers = fc.constantFrom<GoldenCase['optimizer'][]>(
  { type: 'sgd', lr: 0.1 },
  { type: 'sgd', lr: 0.03, momentum: 0.8, dampening: 0, nesterov: false },
  { type: 'sgd', lr: 0.02, momentum: 0.95, dampening: 0, nesterov: true },
  { type: 'adagrad', lr: 0.05, eps: 1e-10, initialAccumulator: 0.1, lrDecay: 0 },
  { type: 'rmsprop', lr: 0.004, alpha: 0.9, eps: 1e-3 },
  { type: 'adam', lr: 0.02, beta1: 0.85, beta2: 0.98, eps: 1e-3, amsgrad: false },
  { type: 'adamw', lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-3, amsgrad: false },
);

const regularization = fc.record({
  l1: fc.constantFrom(0, 0, 0.02),
  weightDecay: fc.constantFrom(0, 0.05),
  weightDecayMode: fc.constantFrom('coupled' as const, 'decoupled' as const),
  applyTo: fc.constantFrom('all' as const, 'weights' as const),
  clipNorm: fc.constantFrom(null, 0.3, 20),
  clipEps: fc.constant(1e-6),
});

/** Inputs and parameters are multiples of 1/1024, exact in both float types, so that only the arithmetic differs. */
export const randomCase: fc.Arbitrary<GoldenCase> = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }),
    names: fc.array(fc.constantFrom(...hidden), { minLength: 5, maxLength: 5 }),
    head: fc.constantFrom(...heads),
    optimizer: optimizers,
    regularization,
    reduction: fc.constantFrom('mean' as const, 'sum' as const),
    rows: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
    seed: fc.nat(),
  })
  .map(({ widths, names, head: [output, loss], optimizer, regularization, reduction, rows, seed }) => {
    const noise = createNoise(seed);
    const number = (size: number): number => Math.round((noise() - 0.5) * 2 * size * 1024) / 1024;
    const numbers = (count: number, size: number): number[] => Array.from({ length: count }, () => number(size));
    const last = widths.length - 2;
    const layers = widths.slice(1).map((out, l) => ({
      in: widths[l],
      out: l === last && output === 'softmax' ? Math.max(2, out) : out,
      activation: l === last ? output : names[l],
    }));
    const outs = layers[last].out;
    const target = (): number[] => {
      if (output === 'softmax') {
        const k = Math.floor(noise() * outs);
        return Array.from({ length: outs }, (_, i) => (i === k ? 1 : 0));
      }
      if (loss === 'binary_cross_entropy') return numbers(outs, 1).map((value) => (value > 0 ? 1 : 0));
      return numbers(outs, 2);
    };
    return {
      format: 'mlp-golden/1' as const,
      name: 'random',
      dtype: 'float64' as const,
      layers,
      initial: layers.map((layer) => ({
        weights: Array.from({ length: layer.out }, () => numbers(layer.in, 1)),
        biases: numbers(layer.out, 0.5),
      })),
      loss,
      reduction,
      optimizer,
      regularization,
      batches: rows.map((count) => {
        const x = Array.from({ length: count }, () => numbers(widths[0], 2));
        return { x, y: x.map(target) };
      }),
    };
  });
