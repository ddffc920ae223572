// Checkpoints to save and folders to save them in.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StateTensor } from '../../src/learner/state.ts';
import type { Checkpoint } from '../../src/pipeline/ports.ts';

/** A new folder that goes when the test does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-checkpoint-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A vector of float32 as the learner gives it out. */
export function float32Tensor(name: string, values: readonly number[]): StateTensor {
  return { name, dtype: 'F32', shape: [values.length], data: new Uint8Array(Float32Array.from(values).buffer) };
}

/** A small checkpoint whose weights and metadata tell its sequence. */
export function checkpointOf(sequence: number, weights = 4): Checkpoint {
  const values = Array.from({ length: weights }, (_, index) => sequence + index / 8);
  return { sequence, tensors: [float32Tensor('layer0.weights', values)], meta: { positions: { 0: sequence } } };
}
