// Log loss of one prediction, the same bits on every machine.

import { naturalLog } from './natural-log.ts';

const PROBABILITY_MIN = 1e-15;
const PROBABILITY_MAX = 1 - 1e-15;

/** −ln p in nats, p clipped to [1e-15, 1 − 1e-15]; a p that is NaN counts as 0. */
export function logLoss(probability: number): number {
  if (!(probability > PROBABILITY_MIN)) return -naturalLog(PROBABILITY_MIN);
  return -naturalLog(probability < PROBABILITY_MAX ? probability : PROBABILITY_MAX);
}
