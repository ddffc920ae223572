// Inverse scaling: rate / (1 + step/decaySteps)^power. Bottou, Stochastic Gradient Descent Tricks (2012), section 5.2.

import { exp } from '../scalar/exp.ts';
import { log1p } from '../scalar/log1p.ts';

/** Factor on the base rate at `step` (from 0). */
export function inverseScaling(step: number, power: number, decaySteps: number): number {
  return exp(-power * log1p(step / decaySteps));
}
