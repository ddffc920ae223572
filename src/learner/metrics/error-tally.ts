// Sums of regression: loss, absolute and squared errors, and the spread of the targets by the weighted
// form of Welford's recurrence (West 1979).
// With several outputs each figure is the plain mean of the outputs' figures. With none it keeps the loss alone.
// Fading works as in class-tally.ts.

import { mae } from './mae.ts';
import { r2 } from './r2.ts';
import type { Scores } from './report.ts';
import { rmse } from './rmse.ts';
import { meanOf, noScores, ratio } from './scores.ts';
import type { StateRoom } from './state-room.ts';
import { type Tally, WEIGHT_MAX } from './tally.ts';

/** Columns of a fact row: the loss, then for each output its error (prediction less target) and its target. */
export function errorFacts(outputs: number): number {
  return 1 + 2 * outputs;
}

// Slots of `state`: weight of the newest sample, sums of weight and loss; then four for each output.
const GROWTH = 0;
const WEIGHT = 1;
const LOSS = 2;
const HEAD = 3;
const ABSOLUTE = 0;
const SQUARED = 1;
const SPREAD = 2;
const MEAN = 3;
const PER_OUTPUT = 4;

interface ErrorTallyOptions {
  readonly outputs: number;
  /** α in (0, 1]; 1 forgets nothing. */
  readonly fading: number;
  readonly room: StateRoom;
}

function begin(state: Float64Array): void {
  state[GROWTH] = 1;
}

/** A tally of regression over fact rows [n × errorFacts(outputs)]. */
export function createErrorTally({ outputs, fading, room }: ErrorTallyOptions): Tally {
  const facts = errorFacts(outputs);
  const state = room(HEAD + PER_OUTPUT * outputs, begin);
  const perOutput = state.subarray(HEAD);
  const growth = 1 / fading;

  /** Scales every sum, but not the means. */
  function rescale(weight: number): void {
    for (let slot = 0; slot < perOutput.length; slot++) if (slot % PER_OUTPUT !== MEAN) perOutput[slot] /= weight;
  }

  // The scalars live in locals meanwhile: through the array the loop would take twice as long.
  function add(rows: Float64Array, from: number, to: number): void {
    let weight = state[GROWTH];
    let total = state[WEIGHT];
    let loss = state[LOSS];
    for (let row = from * facts; row < to * facts; row += facts) {
      weight *= growth;
      if (weight > WEIGHT_MAX) {
        total /= weight;
        loss /= weight;
        rescale(weight);
        weight = 1;
      }
      total += weight;
      loss += weight * rows[row];
      const share = weight / total;
      for (let slot = 0, fact = row + 1; slot < perOutput.length; slot += PER_OUTPUT, fact += 2) {
        const error = rows[fact];
        const target = rows[fact + 1];
        const mean = perOutput[slot + MEAN];
        const delta = target - mean;
        const moved = mean + share * delta;
        perOutput[slot + ABSOLUTE] += weight * Math.abs(error);
        perOutput[slot + SQUARED] += weight * error * error;
        perOutput[slot + SPREAD] += weight * delta * (target - moved);
        perOutput[slot + MEAN] = moved;
      }
    }
    state[GROWTH] = weight;
    state[WEIGHT] = total;
    state[LOSS] = loss;
  }

  function scores(): Scores {
    const weight = state[WEIGHT];
    const slots = Array.from({ length: outputs }, (_, k) => PER_OUTPUT * k);
    return {
      ...noScores,
      samples: weight / state[GROWTH],
      loss: ratio(state[LOSS], weight),
      mae: meanOf(slots.map((slot) => mae(perOutput[slot + ABSOLUTE], weight))),
      rmse: meanOf(slots.map((slot) => rmse(perOutput[slot + SQUARED], weight))),
      r2: meanOf(slots.map((slot) => r2(perOutput[slot + SQUARED], perOutput[slot + SPREAD]))),
    };
  }

  return {
    state,
    add,
    scores,
    clear() {
      state.fill(0);
      begin(state);
    },
  };
}
