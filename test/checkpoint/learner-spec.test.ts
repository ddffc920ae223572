// What a checkpoint keeps of a learner's spec is enough to make that learner again.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { learnerSpecOf } from '../../src/checkpoint/learner-spec.ts';
import { expectedCheckpoint } from '../../src/cli/run/checkpoint-meta.ts';
import { createLearner } from '../../src/learner/create-learner.ts';
import { numericFeature } from '../../src/sample/schema.ts';
import { randomSpec } from '../kernels/random-spec.ts';
import { sampleMeta } from './sample-meta.ts';

const schema = {
  features: [numericFeature('amount', 'standard')],
  target: { type: 'binary', from: ['y'], classes: [0, 1] },
  weight: null,
} as const;

it('gives the spec back, but for parameters that were given', () => {
  fc.assert(
    fc.property(randomSpec, (spec) => {
      const meta = { ...sampleMeta, ...expectedCheckpoint('x', spec, schema) };
      const tensors = createLearner(spec).snapshot();
      const loaded = { path: 'x', sequence: 0, meta, tensors };
      expect(learnerSpecOf(meta, loaded)).toEqual({ ...spec, initialParameters: null });
    }),
    { numRuns: 100, seed: 1 },
  );
});

it('says which file does not tell', () => {
  const loaded = { path: 'a.safetensors', sequence: 0, meta: {}, tensors: [] };
  expect(() => learnerSpecOf(sampleMeta, loaded)).toThrow(
    'checkpoint a.safetensors does not tell what network it is of',
  );
});
