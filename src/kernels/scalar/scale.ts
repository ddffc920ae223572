// Multiplication by powers of two over the whole exponent range, rounding once.

import { powerOfTwo } from './bits.ts';

/** y·2^k for an integer k from −1100 to 1024; y in [0.5, 4). */
export function scaleByPower(y: number, k: number): number {
  if (k > 1023.0) return y * 2.0 * powerOfTwo(k - 1.0);
  if (k < -1021.0) return y * powerOfTwo(k + 1000.0) * powerOfTwo(-1000.0);
  return y * powerOfTwo(k);
}
