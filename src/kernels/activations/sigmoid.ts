// Logistic sigmoid: a = 1/(1 + e^(−z)), da/dz = a(1 − a). Bishop, Pattern Recognition and Machine Learning (2006), 4.59.

import { exp } from '../scalar/exp.ts';

/** 1/(1 + e^(−z)), from e^(−|z|) so that nothing overflows. */
export function sigmoid(z: number): number {
  return sigmoidFrom(z, exp(-Math.abs(z)));
}

/** The same where `tail`, e^(−|z|), is at hand. */
export function sigmoidFrom(z: number, tail: number): number {
  return z >= 0.0 ? 1.0 / (1.0 + tail) : tail / (1.0 + tail);
}

/** da/dz from the activation a. */
export function sigmoidSlope(a: number): number {
  return a * (1.0 - a);
}
