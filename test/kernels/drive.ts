// Driving a kernel directly, without the learner's metrics: blocks in, outcomes and the raw bytes of the state out.

import { counter } from '../../src/kernels/counters.ts';
import { createKernel } from '../../src/kernels/create-kernel.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import { startKernel } from '../../src/kernels/start.ts';
import { initialParameters } from '../../src/learner/initialise.ts';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import { readState } from '../../src/learner/tensors.ts';
import type { Block } from '../../src/sample/block.ts';

/** A kernel of the given kind before its first sample. */
export function openKernel(spec: LearnerSpec, kind: Kernel['kind']): Kernel {
  const kernel = createKernel(spec, { kernel: kind });
  if (kernel.kind !== kind) throw new Error(`this machine has no ${kind} kernel`);
  startKernel(kernel, spec, initialParameters(spec, kernel.layout.layers));
  return kernel;
}

function fill({ layout, block: room }: Kernel, block: Block, from: number, count: number): void {
  room.inputs.set(block.inputs.subarray(from * layout.inputs, (from + count) * layout.inputs));
  room.targets.set(block.targets.subarray(from * layout.targets, (from + count) * layout.targets));
  room.labelled.set(block.labelled.subarray(from, from + count));
  room.weights.set(block.weights.subarray(from, from + count));
}

/** What a kernel published, as the bytes of predictions, losses and versions, row by row. */
export type Published = readonly string[];

/** Learns rows [from, to) of a block in calls of `size` rows at most; returns what was published for each. */
export function learnRows(kernel: Kernel, block: Block, size: number, [from, to] = [0, block.count]): Published {
  const published: string[] = [];
  const { outputs } = kernel.layout;
  for (let at = from; at < to; at += size) {
    const count = Math.min(size, to - at);
    fill(kernel, block, at, count);
    kernel.learn(count);
    for (let r = 0; r < count; r++) {
      const row = [...kernel.block.outputs.subarray(r * outputs, (r + 1) * outputs)];
      published.push([...row, kernel.block.losses[r], kernel.block.versions[r]].join(' '));
    }
  }
  return published;
}

/** Predicts all rows of a block in calls of `size` rows at most. */
export function predictRows(kernel: Kernel, block: Block, size: number): number[] {
  const predictions: number[] = [];
  for (let at = 0; at < block.count; at += size) {
    const count = Math.min(size, block.count - at);
    fill(kernel, block, at, count);
    kernel.predict(count);
    predictions.push(...kernel.block.outputs.subarray(0, count * kernel.layout.outputs));
  }
  return predictions;
}

/** The whole state as one string of its bytes. */
export function stateBytes(kernel: Kernel): string {
  return Buffer.concat(readState(kernel).map(({ data }) => data)).toString('base64');
}

/** Every array of the state as numbers, by name. */
export function stateNumbers(kernel: Kernel): ReadonlyMap<string, readonly number[]> {
  return new Map(
    readState(kernel).map(({ name, dtype, data }) => [
      name,
      [...(dtype === 'F64' ? new Float64Array(data.buffer) : new Float32Array(data.buffer))],
    ]),
  );
}

/** One of the state's counters. */
export function countOf({ buffer, layout }: Kernel, name: keyof typeof counter): number {
  return new Float64Array(buffer, layout.regions.counters.offset)[counter[name]];
}
