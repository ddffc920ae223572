// Exponential linear unit, alpha 1: a = z > 0 ? z : e^z − 1. Clevert, Unterthiner & Hochreiter (2016), equation 15.

import { expm1 } from '../scalar/expm1.ts';

/** z above 0, else e^z − 1. */
export function elu(z: number): number {
  return z > 0.0 ? z : expm1(z);
}

/** da/dz from z and the activation a: 1 above 0, else a + 1. */
export function eluSlope(z: number, a: number): number {
  return z > 0.0 ? 1.0 : a + 1.0;
}
