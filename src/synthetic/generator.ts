// What a synthetic stream is made of. Values are integers in millionths (micro-units): they are written as decimals
// without rounding and compared without floating-point error, so every machine makes the same bytes.

import type { Draws } from './random.ts';

/** One, in micro-units. */
export const MICRO = 1_000_000;

export interface Generator {
  /** Number of features. */
  readonly features: number;
  /** Whether labels are classes 0 and 1, or numbers in micro-units. */
  readonly target: 'binary' | 'regression';
  /**
   * Fills `features` (micro-units) and returns the label without noise: 0 or 1, or micro-units. A pure function of the
   * concept and of the words drawn.
   */
  sample(concept: number, draws: Draws, features: Int32Array): number;
}

export interface GeneratorOptions {
  /** Seeds what differs from concept to concept. */
  readonly seed: number;
  /** Number of features; those beyond what the concept needs are irrelevant. */
  readonly features?: number | undefined;
}

/** Features drawn uniformly from [0, limit) micro-units. */
export function drawUniform(draws: Draws, features: Int32Array, limit = MICRO): void {
  for (let index = 0; index < features.length; index += 1) features[index] = draws.below(MICRO) * (limit / MICRO);
}
