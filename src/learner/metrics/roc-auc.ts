// Area under the ROC curve from a histogram of scores, so that memory stays fixed however long the stream is.
// The bins are uniform in neither p nor log-odds but close to the latter: 32 to each halving of p below ½ and of 1 − p
// above it, so the crowded ends near 0 and 1 are told apart. Two scores in one bin count as tied, hence
// |error| ≤ ½ Σ_b (positives_b / positives)·(negatives_b / negatives): half the chance that a random pair shares a bin.

const MANTISSA_BITS = 5;
const SHIFT = 23 - MANTISSA_BITS;
/** Top bits of 2^-24, the smallest distance of a float32 from 1. */
const LOWEST = (127 - 24) << MANTISSA_BITS;
/** Bin of ½: bin 0 takes all below 2^-24. */
const MIDDLE = ((127 - 1) << MANTISSA_BITS) - LOWEST + 1;

/** Number of bins: scores below ½ fill the first MIDDLE, the rest mirror them. */
export const SCORE_BINS = 2 * MIDDLE + 1;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Bin of a probability p ≤ ½: its exponent and leading mantissa bits, which rise with it. */
function lowerBin(p: number): number {
  float[0] = p;
  const bin = (bits[0] >> SHIFT) - LOWEST + 1;
  return bin > 0 ? bin : 0;
}

/** The bin of a float32 score in 0 … SCORE_BINS − 1, never falling as the score rises; NaN goes to bin 0. */
export function scoreBin(score: number): number {
  if (score >= 0.5) return score < 1 ? SCORE_BINS - 1 - lowerBin(1 - score) : SCORE_BINS - 1;
  return score > 0 ? lowerBin(score) : 0;
}

/**
 * Chance that a random positive scores above a random negative, ties counting half (Hanley & McNeil 1982), from sums of
 * weights by score bin. Each [bins]. Null unless both classes were seen.
 */
export function rocAuc(negatives: Float64Array, positives: Float64Array): number | null {
  let below = 0;
  let positive = 0;
  let ordered = 0;
  for (let bin = 0; bin < negatives.length; bin++) {
    ordered += positives[bin] * (below + negatives[bin] / 2);
    below += negatives[bin];
    positive += positives[bin];
  }
  if (!(below > 0 && positive > 0)) return null;
  return ordered / below / positive;
}
