// A hyperplane that cuts the unit cube in halves: Hulten, Spencer & Domingos, "Mining Time-Changing Data Streams",
// KDD 2001, section 5.1; here each drift is abrupt and draws new weights.

import { drawUniform, type Generator, type GeneratorOptions, MICRO } from './generator.ts';
import { createDraws } from './random.ts';

/** Weights are drawn from this many steps on either side of 0: sums stay exact integers far below 2^53. */
const WEIGHT_STEPS = 1 << 16;

/**
 * Features uniform in [0, 1), label 1 where Σ wᵢxᵢ ≥ ½ Σ wᵢ, which holds for half of the cube. Weights are uniform in
 * [−1, 1) (the paper's are of one sign; of both, a drift changes more labels). Ten features unless said.
 */
export function createHyperplane({ features = 10, seed }: GeneratorOptions): Generator {
  const conceptDraws = createDraws(seed, 'concept');
  const weights = new Int32Array(features);
  let known = -1;

  function turnTo(concept: number): void {
    conceptDraws.seek(concept);
    for (let index = 0; index < features; index += 1)
      weights[index] = conceptDraws.below(2 * WEIGHT_STEPS) - WEIGHT_STEPS;
    known = concept;
  }

  return {
    features,
    target: 'binary',
    sample(concept, draws, into) {
      if (concept !== known) turnTo(concept);
      drawUniform(draws, into);
      // 2·Σ wᵢxᵢ − Σ wᵢ = Σ wᵢ(2xᵢ − 1)
      let doubled = 0;
      for (let index = 0; index < features; index += 1) doubled += weights[index] * (2 * into[index] - MICRO);
      return doubled >= 0 ? 1 : 0;
    },
  };
}
