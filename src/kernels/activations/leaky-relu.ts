// Leaky rectifier: a = z > 0 ? z : 0.01·z. Maas, Hannun & Ng, Rectifier Nonlinearities Improve Acoustic Models (2013).

/** max(z, 0.01·z). */
export function leakyRelu(z: number): number {
  return z > 0.0 ? z : 0.01 * z;
}

/** da/dz from z: 1 above 0, else 0.01. */
export function leakyReluSlope(z: number): number {
  return z > 0.0 ? 1.0 : 0.01;
}
