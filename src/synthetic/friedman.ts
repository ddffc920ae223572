// Friedman's regression problem: Friedman, "Multivariate Adaptive Regression Splines", Annals of Statistics 19, 1991,
// equation 61; with drift after Ikonomovska, Gama & Džeroski, "Learning Model Trees from Evolving Data Streams", Data
// Mining and Knowledge Discovery 23, 2011 (global recurring drift: the inputs change places).

import { drawUniform, type Generator, type GeneratorOptions, MICRO } from './generator.ts';
import { createDraws } from './random.ts';
import { sinPi } from './sine.ts';

/**
 * Features uniform in [0, 1), label 10 sin(π x1 x2) + 20 (x3 − ½)² + 10 x4 + 5 x5; ten features unless said, the others
 * have no say. Each drift draws anew which feature plays which part.
 */
export function createFriedman({ features = 10, seed }: GeneratorOptions): Generator {
  const conceptDraws = createDraws(seed, 'concept');
  const order = new Int32Array(features);
  let known = -1;

  function turnTo(concept: number): void {
    for (let index = 0; index < features; index += 1) order[index] = index;
    known = concept;
    if (concept === 0) return;
    conceptDraws.seek(concept);
    // Fisher–Yates shuffle.
    for (let last = features - 1; last > 0; last -= 1) {
      const other = conceptDraws.below(last + 1);
      const moved = order[last];
      order[last] = order[other];
      order[other] = moved;
    }
  }

  return {
    features,
    target: 'regression',
    sample(concept, draws, into) {
      if (concept !== known) turnTo(concept);
      drawUniform(draws, into);
      const part = (index: number): number => into[order[index]] / MICRO;
      const bend = part(2) - 0.5;
      const value = 10 * sinPi(part(0) * part(1)) + 20 * bend * bend + 10 * part(3) + 5 * part(4);
      return Math.round(value * MICRO);
    },
  };
}
