import { describe, expect, it } from 'vitest';
import { CLASS_FACTS, createClassTally } from '../../../src/learner/metrics/class-tally.ts';
import { createStateRoom } from '../../../src/learner/metrics/state-room.ts';

/** Scores after samples of [true class, predicted class], each with loss 1 and log loss 2. */
function scoresOf(classes: number, pairs: readonly (readonly [number, number])[]) {
  const tally = createClassTally({ classes, bins: 0, fading: 1, room: createStateRoom() });
  const rows = Float64Array.from(pairs.flatMap(([label, guess]) => [label, guess, 0, 1, 2]));
  expect(rows.length).toBe(pairs.length * CLASS_FACTS);
  tally.add(rows, 0, pairs.length);
  return tally.scores();
}

describe('where a figure is not defined', () => {
  it('kappa is null while chance explains everything', () => {
    expect(
      scoresOf(3, [
        [1, 1],
        [1, 1],
      ]),
    ).toMatchObject({ accuracy: 1, kappa: null, f1: 1 });
  });

  it('a class that never came up does not count in macro F1', () => {
    expect(
      scoresOf(9, [
        [0, 0],
        [1, 0],
      ]).f1,
    ).toBeCloseTo((2 / 3 + 0) / 2, 15);
  });

  it('nothing is known of nothing', () => {
    expect(scoresOf(2, [])).toMatchObject({ samples: 0, accuracy: null, kappa: null, f1: null, logLoss: null });
  });
});

it('is what a pencil says: labels 0 1 2 2 1 0, predictions 0 2 2 2 1 1', () => {
  const scores = scoresOf(3, [
    [0, 0],
    [1, 2],
    [2, 2],
    [2, 2],
    [1, 1],
    [0, 1],
  ]);
  expect(scores.accuracy).toBeCloseTo(2 / 3, 12);
  expect(scores.kappa).toBeCloseTo(0.5, 12);
  expect(scores.f1).toBeCloseTo((2 / 3 + 0.5 + 0.8) / 3, 12);
});

it('starts anew once it is cleared', () => {
  const tally = createClassTally({ classes: 2, bins: 0, fading: 0.9, room: createStateRoom() });
  const fresh = [...tally.state];
  tally.add(Float64Array.of(0, 1, 0, 1, 2), 0, 1);
  tally.clear();
  expect([...tally.state]).toEqual(fresh);
});
