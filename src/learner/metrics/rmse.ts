// Root mean squared error of one output, in the target's units.

/** √(Σ w·(ŷ − y)² / Σ w); null while nothing was seen. */
export function rmse(squaredSum: number, weight: number): number | null {
  return weight > 0 ? Math.sqrt(squaredSum / weight) : null;
}
