// Learning a block of any size through a kernel, whose memory holds a part of one.

import type { Kernel } from '../kernels/kernel.ts';
import type { BlockRows } from '../sample/block.ts';
import type { Outcome } from './learner.ts';

/** The first `count` rows of everything a block gives, as views. */
function firstRows(room: Outcome, outputs: number, count: number): Outcome {
  return {
    outputs: room.outputs.subarray(0, count * outputs),
    losses: room.losses.subarray(0, count),
    versions: room.versions.subarray(0, count),
  };
}

/** `firstRows` that makes new views only when the count changes: blocks of one size, the rule, allocate nothing. */
function createViews(outputs: number): (room: Outcome, count: number) => Outcome {
  let last: Outcome | null = null;
  let of: Outcome | null = null;
  return (room, count) => {
    if (last === null || of !== room || last.losses.length !== count) {
      last = firstRows(room, outputs, count);
      of = room;
    }
    return last;
  };
}

/** Makes arrays of zeros. */
interface ArrayMakers {
  readonly floats: (length: number) => Float32Array;
  readonly doubles: (length: number) => Float64Array;
}

const ownArrays: ArrayMakers = {
  floats: (length) => new Float32Array(length),
  doubles: (length) => new Float64Array(length),
};

/** Arrays for the outcome of a block, grown as blocks grow and then reused. */
export function createOutcomeRoom(
  outputs: number,
  { floats, doubles }: ArrayMakers = ownArrays,
): (count: number) => Outcome {
  const roomOf = (rows: number): Outcome => ({
    outputs: floats(rows * outputs),
    losses: floats(rows),
    versions: doubles(rows),
  });
  let room = roomOf(0);
  const views = createViews(outputs);
  return (count) => {
    if (count > room.losses.length) room = roomOf(Math.max(count, 2 * room.losses.length));
    return views(room, count);
  };
}

/** Elements [from, to) of an array, which is itself where that is all of it. */
function part(array: Float32Array | Uint8Array, from: number, to: number): Float32Array | Uint8Array {
  return from === 0 && to === array.length ? array : array.subarray(from, to);
}

/** Runs rows [from, from + count) of a block through the kernel. */
function learnPart(kernel: Kernel, block: BlockRows, from: number, count: number): void {
  const { inputs, targets } = kernel.layout;
  const { block: room } = kernel;
  const to = from + count;
  room.inputs.set(part(block.inputs, from * inputs, to * inputs));
  room.targets.set(part(block.targets, from * targets, to * targets));
  room.labelled.set(part(block.labelled, from, to));
  room.weights.set(part(block.weights, from, to));
  kernel.learn(count);
}

/** Learns a block in parts that fit the kernel's memory. */
export function createBlockLearner(kernel: Kernel): (rows: BlockRows, outcome: Outcome) => void {
  const { capacity, outputs } = kernel.layout;
  const views = createViews(outputs);
  return (block, outcome) => {
    for (let from = 0; from < block.count; from += capacity) {
      const count = Math.min(capacity, block.count - from);
      learnPart(kernel, block, from, count);
      const published = views(kernel.block, count);
      outcome.outputs.set(published.outputs, from * outputs);
      outcome.losses.set(published.losses, from);
      outcome.versions.set(published.versions, from);
    }
  };
}
