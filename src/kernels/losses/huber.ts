// Huber loss with threshold 1: E = |e| ≤ 1 ? ½e² : |e| − ½; summed over a sample's outputs. Huber (1964).

/** The loss of an error e = ŷ − y. */
export function huberLoss(error: number): number {
  const size: number = Math.abs(error);
  return size <= 1.0 ? 0.5 * error * error : size - 0.5;
}

/** ∂E/∂e: e within ±1, else its sign. */
export function huberSlope(error: number): number {
  if (error > 1.0) return 1.0;
  if (error < -1.0) return -1.0;
  return error;
}
