// What the two kinds of tally (class-tally, error-tally) have in common: sums over rows of facts about samples, from
// which scores are read. One arithmetic serves all three views: fading < 1 forgets, fading = 1 is cumulative, and a
// tally refilled from the ring is the window.

import type { Scores } from './report.ts';

/** Sums over samples. `state` is everything it remembers and is owned by it; restoring means overwriting it. */
export interface Tally {
  readonly state: Float64Array;
  /** Adds rows `from` to `to` (exclusive) of facts, row-major, in order. */
  add(rows: Float64Array, from: number, to: number): void;
  clear(): void;
  scores(): Scores;
}

/**
 * Past this the growing weight of a fading tally is scaled back to 1, and all sums with it. A power of two, and far
 * enough from 2^1023 that the square of any float32 fits above it.
 */
export const WEIGHT_MAX = 2 ** 256;

/** What stands in for a value that is not finite, so that one overflow does not spoil a sum for ever. */
export const VALUE_MAX = 3.4028234663852886e38;

/** The value, or ±VALUE_MAX where it is NaN or beyond float32. */
export function bounded(value: number): number {
  if (value < VALUE_MAX) return value > -VALUE_MAX ? value : -VALUE_MAX;
  return VALUE_MAX;
}
