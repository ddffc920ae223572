// A frozen model scores like the one it was taken from, and no sample changes it.

import { expect, it } from 'vitest';
import { createLearner } from '../../src/learner/create-learner.ts';
import { freezeState } from '../../src/learner/freeze.ts';
import { benchSpec } from '../bench/bench-spec.ts';
import { randomBlock } from '../kernels/random-spec.ts';

it.each(['reference', 'wasm-simd'] as const)('predicts with the %s kernel as before, and learns nothing', (kernel) => {
  const spec = {
    ...benchSpec({ network: [4, 8, 3], batchSize: 2, rehearsal: 3 }),
    scale: new Array(4).fill('standard'),
  };
  const learner = createLearner(spec, { kernel });
  learner.learn(randomBlock(spec, 200, 1));
  const state = learner.snapshot();
  const frozen = createLearner(spec, { kernel });
  frozen.restore(freezeState(state));
  expect(learner.snapshot()).toEqual(state);

  const fresh = randomBlock(spec, 100, 2);
  const expected = learner.predict(fresh.inputs, 100);
  for (let round = 0; round < 2; round++) {
    const { outputs, losses, versions } = frozen.learn(fresh);
    expect(outputs).toEqual(expected);
    fresh.labelled.forEach((flag, r) => {
      expect(Number.isNaN(losses[r])).toBe(flag === 0);
    });
    expect(new Set(versions)).toEqual(new Set([learner.steps]));
  }
  expect(frozen.weightsDigest()).toBe(learner.weightsDigest());
  const learnt = (tensors: ReturnType<typeof frozen.snapshot>) =>
    tensors.filter(({ name }) => !name.startsWith('metrics.') && name !== 'counters');
  expect(learnt(frozen.snapshot())).toEqual(learnt(state));
});
