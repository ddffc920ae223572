// Softplus: a = ln(1 + e^z), da/dz = σ(z). Dugas et al., Incorporating Second-Order Functional Knowledge (2001), 4.

import { exp } from '../scalar/exp.ts';
import { log1p } from '../scalar/log1p.ts';

/** ln(1 + e^z) = max(z, 0) + ln(1 + e^(−|z|)), which cannot overflow. */
export function softplus(z: number): number {
  const tail: number = log1p(exp(-Math.abs(z)));
  return z > 0.0 ? z + tail : tail;
}
