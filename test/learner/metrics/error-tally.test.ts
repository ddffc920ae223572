import { expect, it } from 'vitest';
import { createErrorTally } from '../../../src/learner/metrics/error-tally.ts';
import { createStateRoom } from '../../../src/learner/metrics/state-room.ts';

/** Scores of one output after samples of [error, target], each with loss 1. */
function scoresOf(samples: readonly (readonly [number, number])[]) {
  const tally = createErrorTally({ outputs: 1, fading: 1, room: createStateRoom() });
  tally.add(Float64Array.from(samples.flatMap(([error, target]) => [1, error, target])), 0, samples.length);
  return tally.scores();
}

it('is what a pocket calculator says', () => {
  expect(
    scoresOf([
      [1, 10],
      [-3, 14],
    ]),
  ).toMatchObject({ samples: 2, loss: 1, mae: 2, rmse: Math.sqrt(5), r2: 1 - 10 / 8 });
});

it('has no R² while the targets are all the same', () => {
  expect(
    scoresOf([
      [1, 5],
      [2, 5],
    ]),
  ).toMatchObject({ mae: 1.5, r2: null });
});

it('keeps the digits of a small spread around a large mean', () => {
  const targets = Array.from({ length: 1000 }, (_, index) => 1e9 + (index % 2));
  expect(scoresOf(targets.map((target) => [0.5, target] as const)).r2).toBeCloseTo(0, 6);
});

it('starts anew once it is cleared', () => {
  const tally = createErrorTally({ outputs: 1, fading: 0.9, room: createStateRoom() });
  const fresh = [...tally.state];
  tally.add(Float64Array.of(1, 2, 3), 0, 1);
  tally.clear();
  expect([...tally.state]).toEqual(fresh);
});
