// Log loss of one prediction. Math.log may differ in the last bit between engines: it only feeds figures, never a step,
// so `weightsDigest` does not depend on it.

const PROBABILITY_MIN = 1e-15;
const PROBABILITY_MAX = 1 - 1e-15;

/** −ln p in nats, p clipped to [1e-15, 1 − 1e-15]; a p that is NaN counts as 0. */
export function logLoss(probability: number): number {
  if (!(probability > PROBABILITY_MIN)) return -Math.log(PROBABILITY_MIN);
  return -Math.log(probability < PROBABILITY_MAX ? probability : PROBABILITY_MAX);
}
