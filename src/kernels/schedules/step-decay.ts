// Step decay: rate · factor^⌊step/everySteps⌋. Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.3.1.

/** Factor on the base rate at `step` (from 0); the power by squaring, so that it is the same everywhere. */
export function stepDecay(step: number, factor: number, everySteps: number): number {
  let exponent: number = Math.floor(step / everySteps);
  let base: number = factor;
  let product: number = 1.0;
  while (exponent > 0.0) {
    const half: number = Math.floor(exponent * 0.5);
    if (exponent !== half * 2.0) product *= base;
    base *= base;
    exponent = half;
  }
  return product;
}
