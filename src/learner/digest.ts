// The weights' fingerprint: equal digests mean equal weights, bit for bit, on any machine.

import { createHash } from 'node:crypto';
import type { StateTensor } from './state.ts';

/** SHA-256, hex, of the parameters in layer order: weights row-major [out × in], then biases; little-endian float32. */
export function weightsDigest(parameters: readonly StateTensor[]): string {
  const hash = createHash('sha256');
  for (const { data } of parameters) hash.update(data);
  return hash.digest('hex');
}
