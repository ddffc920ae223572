// Hidden units that have stopped learning: those whose activation is flat wherever they were seen, so that no gradient
// comes through. Source: Lu, Shin, Su & Karniadakis, Dying ReLU and Initialization (2020).

import { counter } from '../kernels/counters.ts';
import { createLayout } from '../kernels/layout.ts';
import { slopeOf } from '../kernels/reference/backward.ts';
import { forward } from '../kernels/reference/forward.ts';
import { scaleInputs } from '../kernels/reference/input-scaler.ts';
import { createMachine } from '../kernels/reference/machine.ts';
import { createReferenceKernel } from '../kernels/reference/reference-kernel.ts';
import { toFloat32 } from '../kernels/scalar/round.ts';
import type { LearnerSpec } from './spec.ts';
import type { StateTensor } from './state.ts';
import { writeState } from './tensors.ts';

export interface DeadUnits {
  /** Samples of the rehearsal buffer that were looked at. */
  readonly samples: number;
  /** Dead units of each hidden layer, first layer first. */
  readonly byLayer: readonly number[];
}

/**
 * A unit is dead if f'(z) is 0, as a float32, for every sample in the rehearsal buffer: for relu, z ≤ 0 on all of them; a
 * saturated sigmoid counts too. null where the buffer holds nothing, as there is no rehearsal or no sample yet.
 * Throws MillraceError('checkpoint-mismatch') where the state is not of this spec.
 */
export function findDeadUnits(spec: LearnerSpec, tensors: readonly StateTensor[]): DeadUnits | null {
  const layout = createLayout(spec);
  const machine = createMachine(spec, layout);
  writeState(createReferenceKernel(spec, layout, machine), tensors);
  const samples = Math.min(spec.rehearsal?.buffer ?? 0, machine.counters[counter.buffered]);
  if (samples === 0) return null;
  const hidden = layout.layers.slice(0, -1);
  const alive = hidden.map(({ outputs }) => new Uint8Array(outputs));
  const slopes = hidden.map(slopeOf);
  for (let slot = 0; slot < samples; slot++) {
    scaleInputs(machine, machine.rehearsalInputs, slot * spec.inputs);
    forward(machine);
    alive.forEach((units, l) => {
      const { logits, responses } = machine.values[l];
      for (let i = 0; i < units.length; i++) if (toFloat32(slopes[l](logits[i], responses[i])) !== 0) units[i] = 1;
    });
  }
  return { samples, byLayer: alive.map((units) => units.reduce((dead, flag) => dead + 1 - flag, 0)) };
}
