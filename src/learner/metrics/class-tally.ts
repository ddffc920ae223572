// Sums of classification: loss, log loss, the margins of the confusion matrix and, for two classes, the score histogram.
// Fading as in Gama, Sebastião & Rodrigues 2013: a sample of age i weighs α^i. Instead of shrinking every sum at every
// sample, the weight of the newest grows by 1/α; quotients are the same and a sample costs O(1), not O(classes).

import { f1OfClass, macroF1 } from './f1.ts';
import { cohenKappa } from './kappa.ts';
import type { Scores } from './report.ts';
import { rocAuc } from './roc-auc.ts';
import { noScores, ratio } from './scores.ts';
import { type Tally, WEIGHT_MAX } from './tally.ts';

/** Columns of a fact row: the true class, the predicted one, the score's bin, the loss, the log loss. */
export const CLASS_FACTS = 5;

// Slots of `state` before the arrays: weight of the newest sample, and sums of weight, loss, log loss and right ones.
const GROWTH = 0;
const WEIGHT = 1;
const LOSS = 2;
const LOG_LOSS = 3;
const CORRECT = 4;
const HEAD = 5;

interface ClassTallyOptions {
  readonly classes: number;
  /** Score bins of a binary target; 0 for a multiclass one, which keeps no histogram. */
  readonly bins: number;
  /** α in (0, 1]; 1 forgets nothing. */
  readonly fading: number;
}

/** A tally of classification over fact rows [n × CLASS_FACTS]. */
export function createClassTally({ classes, bins, fading }: ClassTallyOptions): Tally {
  const state = new Float64Array(HEAD + 3 * classes + 2 * bins);
  const actual = state.subarray(HEAD, HEAD + classes);
  const predicted = state.subarray(HEAD + classes, HEAD + 2 * classes);
  const hits = state.subarray(HEAD + 2 * classes, HEAD + 3 * classes);
  /** Negatives in bins 0 … bins − 1, then positives. */
  const histogram = state.subarray(HEAD + 3 * classes);
  const growth = 1 / fading;
  state[GROWTH] = 1;

  function add(rows: Float64Array, from: number, to: number): void {
    for (let row = from * CLASS_FACTS; row < to * CLASS_FACTS; row += CLASS_FACTS) {
      let weight = state[GROWTH] * growth;
      if (weight > WEIGHT_MAX) {
        for (let slot = 0; slot < state.length; slot++) state[slot] /= weight;
        weight = 1;
      }
      const label = rows[row] | 0;
      const guess = rows[row + 1] | 0;
      state[GROWTH] = weight;
      state[WEIGHT] += weight;
      state[LOSS] += weight * rows[row + 3];
      state[LOG_LOSS] += weight * rows[row + 4];
      actual[label] += weight;
      predicted[guess] += weight;
      if (label === guess) {
        state[CORRECT] += weight;
        hits[label] += weight;
      }
      if (bins > 0) histogram[label * bins + (rows[row + 2] | 0)] += weight;
    }
  }

  function scores(): Scores {
    const weight = state[WEIGHT];
    const margins = { hits, actual, predicted };
    return {
      ...noScores,
      samples: weight / state[GROWTH],
      loss: ratio(state[LOSS], weight),
      accuracy: ratio(state[CORRECT], weight),
      logLoss: ratio(state[LOG_LOSS], weight),
      f1: bins > 0 ? f1OfClass(margins, 1) : macroF1(margins),
      kappa: cohenKappa(margins, state[CORRECT], weight),
      rocAuc: bins > 0 ? rocAuc(histogram.subarray(0, bins), histogram.subarray(bins)) : null,
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
