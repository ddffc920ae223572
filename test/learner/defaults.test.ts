// The defaults are part of the product: what one pass scores when a config gives the size of the network and no more.

import { describe, expect, it } from 'vitest';
import { createLearner } from '../../src/learner/create-learner.ts';
import { type ModelOptions, meanScores, type PassScores, specFor } from '../bench/defaults-score.ts';
import { makeStream, readSets, type SampleSet } from '../bench/defaults-sets.ts';

const { phishing, digits, trumpApproval } = readSets();

function scoresOf(set: SampleSet, model: ModelOptions = {}): PassScores {
  return meanScores(set, (seed) => specFor(set, { hidden: 32, ...model, seed }), [0, 1, 2]);
}

describe('one pass with the defaults', () => {
  it.each([
    { set: phishing, accuracy: 89.8, logLoss: 0.26 },
    { set: digits, accuracy: 93.8, logLoss: 0.24 },
    { set: makeStream({ stream: 'xor', samples: 20_000 }), accuracy: 98.5, logLoss: 0.05 },
    {
      set: makeStream({ stream: 'sea', samples: 20_000, noise: 0.1, driftEvery: 5000 }),
      accuracy: 86.5,
      logLoss: 0.41,
    },
    { set: makeStream({ stream: 'hyperplane', samples: 20_000, driftEvery: 5000 }), accuracy: 88, logLoss: 0.29 },
  ])('$set.name: at least $accuracy % right', ({ set, accuracy, logLoss }) => {
    const scores = scoresOf(set);

    expect(scores.accuracy).toBeGreaterThanOrEqual(accuracy);
    expect(scores.logLoss).toBeLessThanOrEqual(logLoss);
  });

  it.each([
    { set: trumpApproval, rmse: 0.45 },
    { set: makeStream({ stream: 'friedman', samples: 20_000, noise: 1 }), rmse: 1.35 },
    { set: makeStream({ stream: 'friedman', samples: 20_000, noise: 1, driftEvery: 5000 }), rmse: 2.2 },
  ])('$set.name: an RMSE of at most $rmse after row 100', ({ set, rmse }) => {
    expect(scoresOf(set).rmse).toBeLessThanOrEqual(rmse);
  });

  it('does not mind how inputs and target are scaled and shifted', () => {
    const { block, inputs } = trumpApproval;
    const scaled: SampleSet = {
      ...trumpApproval,
      block: {
        ...block,
        inputs: block.inputs.map((x, i) => (i % inputs === 0 ? x - 736_000 : x * 10 ** ((i % inputs) - 3))),
        targets: block.targets.map((y) => 1000 * y - 5000),
      },
    };

    expect(scoresOf(scaled).rmse).toBeLessThanOrEqual(450);
  });

  it('steps once a sample when rehearsal has tapered away, 16 times at first', () => {
    const { block, ...stream } = makeStream({ stream: 'sea', samples: 11_000 });
    const learner = createLearner(specFor({ ...stream, block }, {}));
    const steps = Array.from({ length: 11 }, (_, thousand) => {
      const before = learner.steps;
      const [from, to] = [thousand * 1000, (thousand + 1) * 1000];
      learner.learn({
        ...block,
        count: 1000,
        inputs: block.inputs.subarray(from * stream.inputs, to * stream.inputs),
        targets: block.targets.subarray(from, to),
      });
      return learner.steps - before;
    });

    expect(steps[0]).toBeGreaterThan(15_000);
    expect(steps[10]).toBe(1000);
    expect(learner.steps).toBeLessThan(90_000);
  });
});

describe('an optimiser without a rate', () => {
  it.each(['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'])(
    '%s learns, rehearsed or not',
    (type) => {
      for (const rehearsal of [undefined, false]) {
        const model = { optimizer: { type }, ...(rehearsal === undefined ? {} : { rehearsal }) };

        expect(scoresOf(phishing, model).accuracy).toBeGreaterThan(86);
        expect(scoresOf(digits, model).accuracy).toBeGreaterThan(84);
        expect(scoresOf(trumpApproval, model).rmse).toBeLessThan(0.7);
      }
    },
  );
});
