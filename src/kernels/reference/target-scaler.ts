// Standardising of regression targets, learnt online: the network learns (y − mean)/sd, predictions are brought back.
// Source: Welford (1962), population variance. Statistics are float64 state.

import { counter } from '../counters.ts';
import type { Machine } from './machine.ts';

/** Takes a labelled sample's targets (from `at`) into the statistics. */
export function updateTargetScaler(machine: Machine, targets: Float32Array, at: number): void {
  const { targetMean, targetSpread } = machine;
  const seen = machine.counters[counter.labelled];
  for (let k = 0; k < targetMean.length; k++) {
    const difference = targets[at + k] - targetMean[k];
    targetMean[k] += difference / seen;
    targetSpread[k] += difference * (targets[at + k] - targetMean[k]);
  }
}

/** Population standard deviation of output k over `seen` targets; 0 before any. */
export function targetDeviation(machine: Machine, k: number, seen: number): number {
  return seen > 0 ? Math.sqrt(machine.targetSpread[k] / seen) : 0;
}

/** The target of output k as the network learns it: standardised where asked for, 0 while there is no spread. */
export function learntTarget(machine: Machine, y: number, k: number): number {
  if (!machine.spec.standardizeTarget) return y;
  const deviation = targetDeviation(machine, k, machine.counters[counter.labelled]);
  return deviation > 1e-150 ? Math.fround((y - machine.targetMean[k]) / deviation) : 0;
}
