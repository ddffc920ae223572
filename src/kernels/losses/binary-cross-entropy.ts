// Cross-entropy of a sigmoid output, from the logit: E = −y·ln p − (1 − y)·ln(1 − p), fused δ = p − y. Bishop (2006), 5.21.

import { exp } from '../scalar/exp.ts';
import { log1p } from '../scalar/log1p.ts';

/** max(z, 0) − z·y + ln(1 + e^(−|z|)): no overflow and no ln 0 for any finite logit z. */
export function binaryCrossEntropy(z: number, y: number): number {
  return binaryCrossEntropyFrom(z, y, exp(-Math.abs(z)));
}

/** The same where `tail`, e^(−|z|), is at hand. */
export function binaryCrossEntropyFrom(z: number, y: number, tail: number): number {
  return Math.max(z, 0.0) - z * y + log1p(tail);
}
