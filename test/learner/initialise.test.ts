import { describe, expect, it } from 'vitest';
import { createLayout } from '../../src/kernels/layout.ts';
import { initialParameters } from '../../src/learner/initialise.ts';
import type { InitializerSpec, LearnerSpec } from '../../src/learner/spec.ts';
import { specFor } from '../bench/defaults-score.ts';
import { makeStream } from '../bench/defaults-sets.ts';

const set = makeStream({ stream: 'friedman', samples: 1 });

/** Ten inputs, 400 hidden units, one output. */
function specOf(initializer: InitializerSpec, seed = 1): LearnerSpec {
  return specFor(set, { hidden: 400, initializer, seed });
}

/** Weights and biases of the hidden layer and of the output. */
function drawn(initializer: InitializerSpec, seed?: number): Record<'weights' | 'biases', Float32Array>[] {
  const spec = specOf(initializer, seed);
  const { layers } = createLayout(spec);
  const parameters = initialParameters(spec, layers);
  return layers.map(({ weights, biases, stride, inputs, outputs }) => ({
    weights: parameters.subarray(weights, biases).filter((_, i) => i % stride < inputs),
    biases: parameters.subarray(biases, biases + outputs),
  }));
}

const meanSquare = (values: Float32Array): number => values.reduce((sum, x) => sum + x * x, 0) / values.length;
const largest = (values: Float32Array): number => Math.max(...values.map(Math.abs));

describe('initial parameters', () => {
  it.each([
    { type: 'fan-in', hidden: 1 / Math.sqrt(10), output: 1 / Math.sqrt(400) },
    { type: 'xavier', hidden: Math.sqrt(6 / 410), output: Math.sqrt(6 / 401) },
    { type: 'he', hidden: Math.sqrt(6 / 10), output: Math.sqrt(6 / 400) },
  ] as const)('of $type are even within its bounds', ({ type, hidden, output }) => {
    const [first, last] = drawn({ type });

    expect(largest(first.weights)).toBeLessThanOrEqual(hidden);
    expect(largest(last.weights)).toBeLessThanOrEqual(output);
    // The variance of even numbers in ±b is b²/3.
    expect(meanSquare(first.weights) / (hidden ** 2 / 3)).toBeCloseTo(1, 1);
    expect(meanSquare(last.weights) / (output ** 2 / 3)).toBeCloseTo(1, 0);
  });

  it('of fan-in give biases the bounds of their weights, of xavier and he none', () => {
    const [{ biases }] = drawn({ type: 'fan-in' });

    expect(largest(biases)).toBeLessThanOrEqual(1 / Math.sqrt(10));
    expect(meanSquare(biases) / (1 / 30)).toBeCloseTo(1, 0);
    expect(drawn({ type: 'xavier' }).map((layer) => largest(layer.biases))).toEqual([0, 0]);
    expect(drawn({ type: 'he' }).map((layer) => largest(layer.biases))).toEqual([0, 0]);
  });

  it('of uniform fill the range, biases too', () => {
    const [{ weights, biases }] = drawn({ type: 'uniform', low: 2, high: 3 });

    for (const value of [...weights, ...biases]) expect(value >= 2 && value <= 3).toBe(true);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(drawn({ type: 'fan-in' }, 7)).toEqual(drawn({ type: 'fan-in' }, 7));
    expect(drawn({ type: 'fan-in' }, 7)).not.toEqual(drawn({ type: 'fan-in' }, 8));
  });

  it('that are given are taken, and refused where they have other shapes', () => {
    const spec = {
      ...specFor(set, { hidden: [] }),
      initialParameters: [{ weights: [Array(10).fill(0.5)], biases: [2] }],
    };
    const { layers } = createLayout(spec);

    expect([...initialParameters(spec, layers)].filter((x) => x !== 0)).toEqual([...Array(10).fill(0.5), 2]);
    expect(() => initialParameters({ ...spec, initialParameters: [{ weights: [[1]], biases: [2] }] }, layers)).toThrow(
      RangeError,
    );
  });
});
