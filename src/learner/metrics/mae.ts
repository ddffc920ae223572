// Mean absolute error of one output, in the target's units.

import { ratio } from './scores.ts';

/** Σ w·|ŷ − y| / Σ w; null while nothing was seen. */
export function mae(absoluteSum: number, weight: number): number | null {
  return ratio(absoluteSum, weight);
}
