// Gaussian error linear unit, exact: a = z·Φ(z), da/dz = Φ(z) + z·φ(z). Hendrycks & Gimpel (2016), equation 1.

import { erfc } from '../scalar/erfc.ts';
import { exp } from '../scalar/exp.ts';

const SQRT_HALF: number = Math.SQRT1_2;
const INVERSE_SQRT_TWO_PI: number = 0.3989422804014327;

/** z·½(1 + erf(z/√2)). */
export function gelu(z: number): number {
  // Φ is 0 in float32 there, and −Infinity · 0 would be NaN.
  if (z < -40.0) return 0.0;
  return z * 0.5 * erfc(-z * SQRT_HALF);
}

/** da/dz from z. */
export function geluSlope(z: number): number {
  if (z < -40.0) return 0.0;
  if (z > 40.0) return 1.0;
  return 0.5 * erfc(-z * SQRT_HALF) + z * INVERSE_SQRT_TWO_PI * exp(-0.5 * z * z);
}
