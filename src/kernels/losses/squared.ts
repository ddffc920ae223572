// Half squared error: E = ½(ŷ − y)², ∂E/∂ŷ = ŷ − y; summed over a sample's outputs. Bishop (2006), 5.11.

/** ½e² of an error e = ŷ − y. */
export function squaredLoss(error: number): number {
  return 0.5 * error * error;
}
