// Coefficient of determination of one output: the share of the targets' spread that the predictions explain.

/**
 * 1 − Σ w·(ŷ − y)² / Σ w·(y − ȳ)², with ȳ the mean of the same samples; below 0 for a model worse than that mean.
 * Null while the targets have no spread.
 */
export function r2(squaredSum: number, spread: number): number | null {
  return spread > 0 ? 1 - squaredSum / spread : null;
}
