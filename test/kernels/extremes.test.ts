// Inputs, targets and weights at the ends of float32, in rows with a label and without: both kernels, and blocks and single
// rows, still leave the same bits, and no parameter is ever anything but finite.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import { learnRows, openKernel, stateBytes, stateNumbers } from './drive.ts';
import { createNoise, divergingSpec, randomBlock, randomSpec, shallowSpec, wideSpec } from './random-spec.ts';

const rows = 160;
const extremeInputs = [0, -0, 1e-45, -1e-45, 1e-38, 1.2e-38, 3.4e38, -3.4e38, 1e30, -1e20, 1e19, Number.NaN];
const extremeWeights = [0, 1e-30, 1e30, 100, 1e38];

/** A block in which about every fiftieth number is an extreme. */
function harshBlock(spec: LearnerSpec, seed: number) {
  const block = randomBlock(spec, rows, seed);
  const noise = createNoise(seed + 7);
  const pick = (from: readonly number[]) => from[Math.floor(noise() * from.length)];
  for (let i = 0; i < block.inputs.length; i++) if (noise() < 0.02) block.inputs[i] = pick(extremeInputs);
  for (let i = 0; i < block.weights.length; i++) if (noise() < 0.05) block.weights[i] = pick(extremeWeights);
  if (spec.target === 'regression')
    for (let i = 0; i < block.targets.length; i++) if (noise() < 0.02) block.targets[i] = pick(extremeWeights);
  return block;
}

it('leave the same bits in both kernels and in any blocks, and finite parameters', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc.oneof(randomSpec, wideSpec, divergingSpec, shallowSpec),
      fc.nat(1e6),
      fc.nat(89),
      (spec, seed, size) => {
        const block = harshBlock(spec, seed);
        const [reference, blocks, singles] = [
          openKernel(spec, 'reference'),
          openKernel(spec, 'wasm-simd'),
          openKernel(spec, 'wasm-simd'),
        ];
        const cut = Math.min(1 + size, blocks.layout.capacity);
        const wanted = learnRows(reference, block, cut);
        expect(learnRows(blocks, block, cut)).toEqual(wanted);
        expect(learnRows(singles, block, 1)).toEqual(wanted);
        expect(stateBytes(blocks)).toBe(stateBytes(reference));
        expect(stateBytes(singles)).toBe(stateBytes(reference));
        const parameters = [...stateNumbers(blocks)].filter(([name]) => name.startsWith('layers.'));
        expect(parameters.length).toBeGreaterThan(0);
        for (const [name, values] of parameters) expect([name, values.every(Number.isFinite)]).toEqual([name, true]);
      },
    ),
    { numRuns: 800, seed: 5 },
  );
});
