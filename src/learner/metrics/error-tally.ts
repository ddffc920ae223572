// Sums of regression: loss, absolute and squared errors, and the spread of the targets by Welford's weighted recurrence.
// With several outputs each figure is the plain mean of the outputs' figures. With none it keeps the loss alone.
// Fading works as in class-tally.ts.

import { mae } from './mae.ts';
import { r2 } from './r2.ts';
import type { Scores } from './report.ts';
import { rmse } from './rmse.ts';
import { meanOf, noScores, ratio } from './scores.ts';
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
}

/** A tally of regression over fact rows [n × errorFacts(outputs)]. */
export function createErrorTally({ outputs, fading }: ErrorTallyOptions): Tally {
  const facts = errorFacts(outputs);
  const state = new Float64Array(HEAD + PER_OUTPUT * outputs);
  const growth = 1 / fading;
  state[GROWTH] = 1;

  /** Scales every sum, but not the means, so that the newest sample weighs 1 again. */
  function rescale(weight: number): void {
    for (let slot = 0; slot < state.length; slot++) {
      if (slot < HEAD || (slot - HEAD) % PER_OUTPUT !== MEAN) state[slot] /= weight;
    }
  }

  /** Weighted Welford (West 1979) of one output: `share` is the sample's part of the weight so far. */
  function addOutput(slot: number, error: number, target: number, weight: number, share: number): void {
    state[slot + ABSOLUTE] += weight * Math.abs(error);
    state[slot + SQUARED] += weight * error * error;
    const delta = target - state[slot + MEAN];
    const mean = state[slot + MEAN] + share * delta;
    state[slot + MEAN] = mean;
    state[slot + SPREAD] += weight * delta * (target - mean);
  }

  function add(rows: Float64Array, from: number, to: number): void {
    for (let row = from * facts; row < to * facts; row += facts) {
      let weight = state[GROWTH] * growth;
      if (weight > WEIGHT_MAX) {
        rescale(weight);
        weight = 1;
      }
      state[GROWTH] = weight;
      state[WEIGHT] += weight;
      state[LOSS] += weight * rows[row];
      const share = weight / state[WEIGHT];
      for (let k = 0; k < outputs; k++) {
        addOutput(HEAD + PER_OUTPUT * k, rows[row + 1 + 2 * k], rows[row + 2 + 2 * k], weight, share);
      }
    }
  }

  function scores(): Scores {
    const weight = state[WEIGHT];
    const slots = Array.from({ length: outputs }, (_, k) => HEAD + PER_OUTPUT * k);
    return {
      ...noScores,
      samples: weight / state[GROWTH],
      loss: ratio(state[LOSS], weight),
      mae: meanOf(slots.map((slot) => mae(state[slot + ABSOLUTE], weight))),
      rmse: meanOf(slots.map((slot) => rmse(state[slot + SQUARED], weight))),
      r2: meanOf(slots.map((slot) => r2(state[slot + SQUARED], state[slot + SPREAD]))),
    };
  }

  return {
    state,
    add,
    scores,
    clear() {
      state.fill(0);
      state[GROWTH] = 1;
    },
  };
}
