// Rehearsal: while data are scarce, each optimiser step is followed by steps on samples drawn from the newest ones.
// Source: Robins, Catastrophic Forgetting, Rehearsal and Pseudorehearsal (1995); Lin's experience replay (1992).
// The buffer holds raw inputs and targets, which are scaled anew by the statistics of the moment they are drawn:
// a sample that came while the scaler knew little is then not stuck with its first, poor scaling.

import { counter } from '../counters.ts';
import { philox, stream } from '../philox.ts';
import type { Machine } from './machine.ts';

const words = new Uint32Array(4);

/** A raw sample somewhere in the memory: the block, or the buffer. */
export interface RawSamples {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** Puts row r of the block in the buffer, in place of the oldest where it is full. */
export function remember(machine: Machine, block: RawSamples, r: number): void {
  const { rehearsal, inputs } = machine.spec;
  if (rehearsal === null || machine.counters[counter.labelled] >= rehearsal.until) return;
  const { targets } = machine.layout;
  const slot = machine.counters[counter.buffered] % rehearsal.buffer;
  machine.rehearsalInputs.set(block.inputs.subarray(r * inputs, (r + 1) * inputs), slot * inputs);
  machine.rehearsalTargets.set(block.targets.subarray(r * targets, (r + 1) * targets), slot * targets);
  machine.rehearsalWeights[slot] = block.weights[r];
  machine.counters[counter.buffered] += 1;
}

/** Steps that follow the step just taken: round(perSample · max(0, 1 − labelled/until)), halves up. */
export function rehearsalSteps(machine: Machine): number {
  const { rehearsal } = machine.spec;
  if (rehearsal === null || machine.counters[counter.buffered] === 0) return 0;
  const taper = 1 - machine.counters[counter.labelled] / rehearsal.until;
  return taper <= 0 ? 0 : Math.floor(rehearsal.perSample * taper + 0.5);
}

/**
 * Slot of a buffered sample. Its age, 0 for the newest, is u³ of what is buffered, u even in [0, 1): half of the draws fall
 * on the newest eighth, so that what has drifted away is not taught for long, while all are still seen.
 */
export function drawSlot(machine: Machine, buffer: number): number {
  const { counters, spec } = machine;
  philox(spec.seed, counters[counter.random]++, stream.learning, words);
  const buffered = counters[counter.buffered];
  const u = words[0] / 4294967296;
  const age = Math.floor(Math.min(buffer, buffered) * (u * u * u));
  return (buffered - 1 - age) % buffer;
}
