// Checkpoints to save.

import type { StateTensor } from '../../src/learner/state.ts';
import type { Checkpoint } from '../../src/pipeline/ports.ts';

/** A vector of float32 as the learner gives it out. */
export function float32Tensor(name: string, values: readonly number[]): StateTensor {
  return { name, dtype: 'F32', shape: [values.length], data: new Uint8Array(Float32Array.from(values).buffer) };
}

/** A checkpoint whose weights and metadata tell its sequence. */
export function checkpointOf(sequence: number, weights = 4): Checkpoint {
  const values = Array.from({ length: weights }, (_, index) => sequence + index / 8);
  return { sequence, tensors: [float32Tensor('layer0.weights', values)], meta: { positions: { 0: sequence } } };
}
