// Made-up samples for benches: uniform numbers of four decimals; the label is 1 where their sum is above its mean.

export interface MadeSample {
  readonly values: readonly string[];
  readonly label: 0 | 1;
}

/** A maker of samples with so many features, the same ones each time. */
export function createSamples(features: number): () => MadeSample {
  const random = createRandom(1);
  return () => {
    let sum = 0;
    const values = Array.from({ length: features }, () => {
      const value = random();
      sum += value;
      return value.toFixed(4);
    });
    return { values, label: sum > features / 2 ? 1 : 0 };
  };
}

/** Numerical Recipes' linear congruential generator: uniform enough to fill a topic. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
