// How much each input matters: the same samples are looked at however a stream is cut, by either kernel, and the figure is
// the loss's slope times the input.

import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../src/kernels/kernel.ts';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import type { Block } from '../../src/sample/block.ts';
import { benchSpec } from '../bench/bench-spec.ts';
import { countOf, learnRows, openKernel, stateBytes, stateNumbers } from './drive.ts';
import { createNoise, randomBlock } from './random-spec.ts';

const long = 5000;

/** Learners whose rows go singly, in tiles, with dropout, and with rehearsal between them. */
const specs: Record<string, LearnerSpec> = {
  single: benchSpec({ network: [5, 6, 1], batchSize: 1 }),
  batched: benchSpec({ network: [6, 9, 3], batchSize: 48, optimizer: 'adam' }),
  dropping: {
    ...benchSpec({ network: [3, 8, 4, 1], batchSize: 3 }),
    hidden: [8, 4].map((units) => ({ units, activation: 'tanh', dropout: 0.3 })),
  },
  rehearsing: {
    ...benchSpec({ network: [7, 4, 1], batchSize: 2, rehearsal: 2 }),
    scale: new Array(7).fill('standard'),
  },
};

describe.each(Object.entries(specs))('%s', (_, spec) => {
  const block = randomBlock(spec, long, 4);
  const labelled = block.labelled.reduce((sum, flag) => sum + flag, 0);

  it('looks at every 8th labelled sample, from 4096 on at every 64th, with the same bits in every cut', () => {
    const reference = openKernel(spec, 'reference');
    learnRows(reference, block, 32);
    expect(labelled).toBeGreaterThan(4096);
    expect(countOf(reference, 'labelled')).toBe(labelled);
    expect(countOf(reference, 'attributed')).toBe(labelled - (labelled % 64));
    for (const size of [1, 7, 1024]) {
      const fast = openKernel(spec, 'wasm-simd');
      learnRows(fast, block, Math.min(size, fast.layout.capacity));
      expect(stateBytes(fast)).toBe(stateBytes(reference));
    }
    expect(
      stateNumbers(reference)
        .get('attribution')
        ?.every((sum) => sum > 0),
    ).toBe(true);
  });
});

describe.each<Kernel['kind']>(['reference', 'wasm-simd'])('the %s kernel', (kind) => {
  const inputs = 6;
  // So small a rate changes no float32 weight: each sample meets the network as it began.
  const spec: LearnerSpec = {
    ...benchSpec({ network: [inputs, 9, 5, 1], batchSize: 1 }),
    hidden: [9, 5].map((units) => ({ units, activation: 'tanh', dropout: 0 })),
    optimizer: { type: 'sgd', learningRate: 1e-30 },
  };

  function rows(values: readonly number[][]): Block {
    const count = values.length;
    return {
      count,
      recordIndex: new Int32Array(count),
      inputs: Float32Array.from(values.flat()),
      targets: new Float32Array(count).fill(1),
      labelled: new Uint8Array(count).fill(1),
      weights: new Float32Array(count).fill(1),
      rejections: [],
    };
  }

  function lossOf(values: readonly number[]): number {
    const kernel = openKernel(spec, kind);
    return Number(learnRows(kernel, rows([[...values]]), 1)[0].split(' ')[1]);
  }

  it('adds |x · ∂E/∂x| eightfold, as finite differences of the loss tell it', () => {
    const noise = createNoise(3);
    const samples = Array.from({ length: 15 }, () => Array.from({ length: inputs }, () => (noise() - 0.5) * 4));
    const kernel = openKernel(spec, kind);
    learnRows(kernel, rows(samples), 15);
    const looked = samples[7];
    const h = 2 ** -8;
    const expected = looked.map((x, j) => {
      const at = (by: number): number => lossOf(looked.map((value, i) => (i === j ? value + by : value)));
      return 8 * Math.abs((x * (at(h) - at(-h))) / (2 * h));
    });
    const sums = stateNumbers(kernel).get('attribution') ?? [];
    expect(sums).toHaveLength(inputs);
    sums.forEach((sum, j) => {
      expect(sum).toBeCloseTo(expected[j], 2);
    });
    expect(Math.max(...expected)).toBeGreaterThan(0.5);
    expect(countOf(kernel, 'attributed')).toBe(8);
  });

  it('counts a mean of a batch as its samples', () => {
    const noise = createNoise(3);
    const samples = Array.from({ length: 64 }, () => Array.from({ length: inputs }, () => (noise() - 0.5) * 4));
    const sumsOf = (batchSize: number): readonly number[] => {
      const kernel = openKernel({ ...spec, batchSize }, kind);
      learnRows(kernel, rows(samples), 64);
      return stateNumbers(kernel).get('attribution') ?? [];
    };
    const single = sumsOf(1);
    sumsOf(32).forEach((sum, j) => {
      expect(sum / single[j]).toBeCloseTo(1, 5);
    });
  });
});
