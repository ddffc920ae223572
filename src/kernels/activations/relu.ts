// Rectifier: a = max(0, z), da/dz = z > 0 ? 1 : 0. Nair & Hinton, Rectified Linear Units Improve RBMs (2010).

/** max(0, z); NaN stays NaN, so that a broken network is noticed. */
export function relu(z: number): number {
  return Math.max(z, 0.0);
}

/** da/dz from z: 1 above 0, else 0. */
export function reluSlope(z: number): number {
  return z > 0.0 ? 1.0 : 0.0;
}
