// The empty Scores that every tally fills in, and the one way a quotient becomes null instead of NaN.

import type { Scores } from './report.ts';

/** Scores of nothing seen yet. */
export const noScores: Scores = {
  samples: 0,
  loss: null,
  accuracy: null,
  logLoss: null,
  f1: null,
  kappa: null,
  rocAuc: null,
  mae: null,
  rmse: null,
  r2: null,
};

/** numerator / denominator, or null where the denominator is not above 0. */
export function ratio(numerator: number, denominator: number): number | null {
  return denominator > 0 ? numerator / denominator : null;
}

/** The mean of the values that are not null, or null if all are. */
export function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return ratio(sum, count);
}
