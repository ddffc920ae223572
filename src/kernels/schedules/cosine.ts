// Cosine decay: from 1 to minimumRatio over `steps`, then flat. Loshchilov & Hutter, SGDR (2017), equation 5, one cycle.

import { cospi } from '../scalar/cospi.ts';

/** Factor on the base rate at `step` (from 0). */
export function cosineDecay(step: number, steps: number, minimumRatio: number): number {
  const progress: number = step >= steps ? 1.0 : step / steps;
  return minimumRatio + (1.0 - minimumRatio) * 0.5 * (1.0 + cospi(progress));
}
