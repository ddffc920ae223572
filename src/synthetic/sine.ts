// Sine from additions and multiplications only: Math.sin may differ in its last bit from engine to engine.

/** Taylor coefficients of sin(πt)/t in t², up to t^21; the first one left out is below 1e-12 at t = ½. */
const COEFFICIENTS: readonly number[] = taylor(10);

function taylor(terms: number): number[] {
  const coefficients = [Math.PI];
  for (let k = 1; k <= terms; k += 1) {
    coefficients.push((-coefficients[k - 1] * Math.PI * Math.PI) / (2 * k * (2 * k + 1)));
  }
  return coefficients;
}

/** sin(π·t) for t in [0, 1], to within 1e-15. */
export function sinPi(t: number): number {
  const folded = t > 0.5 ? 1 - t : t;
  const squared = folded * folded;
  let sum = 0;
  for (let k = COEFFICIENTS.length - 1; k >= 0; k -= 1) sum = sum * squared + COEFFICIENTS[k];
  return sum * folded;
}
