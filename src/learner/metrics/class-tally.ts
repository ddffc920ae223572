// Sums of classification: loss, log loss, the margins of the confusion matrix and, for two classes, the score histogram.
// Fading as in Gama, Sebastião & Rodrigues 2013: a sample of age i weighs α^i. Instead of shrinking every sum at every
// sample, the weight of the newest grows by 1/α; quotients are the same and a sample costs O(1), not O(classes).

import { f1OfClass, macroF1 } from './f1.ts';
import { cohenKappa } from './kappa.ts';
import type { Scores } from './report.ts';
import { rocAuc } from './roc-auc.ts';
import { noScores, ratio } from './scores.ts';
import type { StateRoom } from './state-room.ts';
import { type Tally, WEIGHT_MAX } from './tally.ts';

/** Columns of a fact row: the true class, the predicted one, the score's bin, the loss, the log loss. */
export const CLASS_FACTS = 5;

// Slots of `state` before the arrays: weight of the newest sample, and sums of weight, loss and log loss.
const GROWTH = 0;
const WEIGHT = 1;
const LOSS = 2;
const LOG_LOSS = 3;
const HEAD = 4;

interface ClassTallyOptions {
  readonly classes: number;
  /** Score bins of a binary target; 0 for a multiclass one, which keeps no histogram. */
  readonly bins: number;
  /** α in (0, 1]; 1 forgets nothing. */
  readonly fading: number;
  readonly room: StateRoom;
}

function begin(state: Float64Array): void {
  state[GROWTH] = 1;
}

/** A tally of classification over fact rows [n × CLASS_FACTS]. */
export function createClassTally({ classes, bins, fading, room }: ClassTallyOptions): Tally {
  const state = room(HEAD + 3 * classes + 2 * bins, begin);
  const sums = state.subarray(HEAD);
  const margins = {
    actual: sums.subarray(0, classes),
    predicted: sums.subarray(classes, 2 * classes),
    hits: sums.subarray(2 * classes, 3 * classes),
  };
  const negatives = sums.subarray(3 * classes, 3 * classes + bins);
  const positives = sums.subarray(3 * classes + bins);
  const growth = 1 / fading;

  // The scalars live in locals meanwhile: through the array the loop would take twice as long.
  function add(rows: Float64Array, from: number, to: number): void {
    let weight = state[GROWTH];
    let total = state[WEIGHT];
    let loss = state[LOSS];
    let nats = state[LOG_LOSS];
    for (let row = from * CLASS_FACTS; row < to * CLASS_FACTS; row += CLASS_FACTS) {
      weight *= growth;
      if (weight > WEIGHT_MAX) {
        total /= weight;
        loss /= weight;
        nats /= weight;
        for (let slot = 0; slot < sums.length; slot++) sums[slot] /= weight;
        weight = 1;
      }
      const label = rows[row] | 0;
      const guess = rows[row + 1] | 0;
      total += weight;
      loss += weight * rows[row + 3];
      nats += weight * rows[row + 4];
      sums[label] += weight;
      sums[classes + guess] += weight;
      if (label === guess) sums[2 * classes + label] += weight;
      if (bins > 0) sums[3 * classes + label * bins + (rows[row + 2] | 0)] += weight;
    }
    state[GROWTH] = weight;
    state[WEIGHT] = total;
    state[LOSS] = loss;
    state[LOG_LOSS] = nats;
  }

  function scores(): Scores {
    const weight = state[WEIGHT];
    const correct = margins.hits.reduce((sum, hits) => sum + hits, 0);
    return {
      ...noScores,
      samples: weight / state[GROWTH],
      loss: ratio(state[LOSS], weight),
      accuracy: ratio(correct, weight),
      logLoss: ratio(state[LOG_LOSS], weight),
      f1: bins > 0 ? f1OfClass(margins, 1) : macroF1(margins),
      kappa: cohenKappa(margins, correct, weight),
      rocAuc: bins > 0 ? rocAuc(negatives, positives) : null,
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
