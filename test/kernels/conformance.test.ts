// The one suite that every kernel passes, on random learners and samples: blocks are only faster, a snapshot is the whole
// state, predicting changes nothing, and every kernel gives the reference's bits.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../src/kernels/kernel.ts';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import { readState, writeState } from '../../src/learner/tensors.ts';
import type { Block } from '../../src/sample/block.ts';
import { countOf, learnRows, openKernel, predictRows, stateBytes } from './drive.ts';
import { divergingSpec, randomBlock, randomSpec, shallowSpec, wideSpec } from './random-spec.ts';

const kinds: Kernel['kind'][] = ['reference', 'wasm-simd'];
const rows = 100;

/** Learners of all sorts, some wide, some shallow, some whose numbers explode on the way. */
const anySpec = fc.oneof(
  { weight: 6, arbitrary: randomSpec },
  { weight: 2, arbitrary: wideSpec },
  { weight: 2, arbitrary: divergingSpec },
  { weight: 2, arbitrary: shallowSpec },
);

function forAny(numRuns: number, seed: number, check: (spec: LearnerSpec, block: Block, size: number) => void): void {
  const sizes = fc.integer({ min: 2, max: rows });
  fc.assert(
    fc.property(anySpec, fc.nat(), sizes, (spec, noise, size) => {
      check(spec, randomBlock(spec, rows, noise), size);
    }),
    { numRuns, seed },
  );
}

describe.each(kinds)('the %s kernel', (kind) => {
  it('learns a block of n samples as n samples one by one', () => {
    forAny(250, 1, (spec, block, size) => {
      const whole = openKernel(spec, kind);
      const single = openKernel(spec, kind);
      const cut = Math.min(size, whole.layout.capacity);
      expect(learnRows(whole, block, cut)).toEqual(learnRows(single, block, 1));
      expect(stateBytes(whole)).toBe(stateBytes(single));
    });
  });

  it('goes on from a snapshot as if nothing had happened', () => {
    forAny(200, 2, (spec, block, at) => {
      const through = openKernel(spec, kind);
      learnRows(through, block, 32, [0, at]);
      const restored = openKernel({ ...spec, initializer: { type: 'zeros' } }, kind);
      learnRows(restored, randomBlock(spec, 30, 9), 32);
      writeState(restored, readState(through));
      expect(stateBytes(restored)).toBe(stateBytes(through));
      expect(learnRows(restored, block, 32, [at, rows])).toEqual(learnRows(through, block, 32, [at, rows]));
      expect(stateBytes(restored)).toBe(stateBytes(through));
    });
  });

  it('predicts without changing anything, in blocks as one by one', () => {
    forAny(100, 3, (spec, block, size) => {
      const kernel = openKernel(spec, kind);
      learnRows(kernel, block, 32);
      const before = stateBytes(kernel);
      const cut = Math.min(size, kernel.layout.capacity);
      expect(predictRows(kernel, block, cut)).toEqual(predictRows(kernel, block, 1));
      expect(stateBytes(kernel)).toBe(before);
      const unasked = openKernel(spec, kind);
      learnRows(unasked, block, 32);
      expect(learnRows(kernel, block, 32)).toEqual(learnRows(unasked, block, 32));
    });
  });

  it('publishes what predicting alone would have said, where the input scaler is off', () => {
    forAny(60, 4, (spec, block) => {
      const plain: LearnerSpec = { ...spec, scale: spec.scale.map(() => 'none') };
      const first = { ...block, count: 1, inputs: block.inputs.map((x) => (Number.isNaN(x) ? 0 : x)) };
      const kernel = openKernel(plain, kind);
      const predicted = predictRows(kernel, first, 1);
      const [published] = learnRows(kernel, first, 1);
      expect(published.split(' ').slice(0, spec.outputs).map(Number)).toEqual(predicted);
    });
  });

  it('gives the same bits in a second run', () => {
    forAny(60, 5, (spec, block, size) => {
      const [one, two] = [openKernel(spec, kind), openKernel(spec, kind)];
      const cut = Math.min(size, one.layout.capacity);
      expect(learnRows(one, block, cut)).toEqual(learnRows(two, block, cut));
      expect(stateBytes(one)).toBe(stateBytes(two));
    });
  });
});

describe('the wasm-simd kernel', () => {
  it('gives the reference’s bits, published and kept', () => {
    const seen = { refused: 0, finished: 0 };
    forAny(700, 6, (spec, block, size) => {
      const reference = openKernel(spec, 'reference');
      const fast = openKernel(spec, 'wasm-simd');
      const cut = Math.min(size, fast.layout.capacity);
      expect(learnRows(fast, block, cut)).toEqual(learnRows(reference, block, cut));
      expect(stateBytes(fast)).toBe(stateBytes(reference));
      expect(predictRows(fast, block, cut)).toEqual(predictRows(reference, block, cut));
      seen[countOf(fast, 'refused') > 0 ? 'refused' : 'finished'] += 1;
    });
    // Both kinds of run are among them, else the suite would say less than it seems to.
    expect(seen.refused).toBeGreaterThan(40);
    expect(seen.finished).toBeGreaterThan(400);
  });
});
