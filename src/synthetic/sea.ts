// SEA concepts: Street & Kim, "A Streaming Ensemble Algorithm (SEA) for Large-Scale Classification", KDD 2001.

import { drawUniform, type Generator, type GeneratorOptions, MICRO } from './generator.ts';

/** The paper's thresholds, in its order. */
const THRESHOLDS: readonly number[] = [8 * MICRO, 9 * MICRO, 7 * MICRO, 9.5 * MICRO];

/**
 * Features uniform in [0, 10), label 1 where x1 + x2 ≤ θ; each drift goes to the next of the four thresholds, round and
 * round. Three features unless said, of which the third has no say.
 */
export function createSea({ features = 3 }: GeneratorOptions): Generator {
  return {
    features,
    target: 'binary',
    sample(concept, draws, into) {
      drawUniform(draws, into, 10 * MICRO);
      return into[0] + into[1] <= THRESHOLDS[concept % THRESHOLDS.length] ? 1 : 0;
    },
  };
}
