// Exclusive or: the classic that no single layer can learn (Minsky & Papert, "Perceptrons", 1969), with features drawn
// uniformly from the unit square.

import { drawUniform, type Generator, type GeneratorOptions, MICRO } from './generator.ts';

/** Label 1 where exactly one of x1, x2 is at least ½; each drift inverts the labels. Two features unless said. */
export function createXor({ features = 2 }: GeneratorOptions): Generator {
  const half = MICRO / 2;
  return {
    features,
    target: 'binary',
    sample(concept, draws, into) {
      drawUniform(draws, into);
      const differ = into[0] >= half !== into[1] >= half ? 1 : 0;
      return concept % 2 === 0 ? differ : 1 - differ;
    },
  };
}
