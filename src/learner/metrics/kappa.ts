// Cohen's kappa from the margins of the confusion matrix: agreement beyond what the class frequencies alone explain.

import type { ConfusionMargins } from './f1.ts';

/** Below this, 1 − p_chance is rounding: only one class was seen and predicted, and kappa is 0/0. */
const DISAGREEMENT_MIN = 1e-12;

/**
 * (p_observed − p_chance) / (1 − p_chance) (Cohen 1960), with `total` the sum of all weights and `correct` that of the
 * right predictions; null while nothing was seen and where chance alone explains everything (0/0).
 */
export function cohenKappa(margins: ConfusionMargins, correct: number, total: number): number | null {
  if (!(total > 0)) return null;
  let chance = 0;
  for (let label = 0; label < margins.hits.length; label++) {
    chance += (margins.actual[label] / total) * (margins.predicted[label] / total);
  }
  if (1 - chance < DISAGREEMENT_MIN) return null;
  return (correct / total - chance) / (1 - chance);
}
