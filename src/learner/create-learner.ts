// The learner: a kernel that holds the state and does the arithmetic, the prequential metrics beside it, and nothing
// else. Two learners of one spec, fed the same samples in blocks of any size, are equal bit for bit.

import { counter } from '../kernels/counters.ts';
import { createKernel, type KernelOptions } from '../kernels/create-kernel.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { startKernel } from '../kernels/start.ts';
import type { Block } from '../sample/block.ts';
import { weightsDigest } from './digest.ts';
import { initialParameters } from './initialise.ts';
import type { Learner, Outcome } from './learner.ts';
import { createMetrics } from './metrics/metrics.ts';
import { reportNetwork } from './network-report.ts';
import type { LearnerSpec } from './spec.ts';
import { readParameters, readState, writeState } from './tensors.ts';

/** Creates a kernel with its initial state. */
function openKernel(spec: LearnerSpec, options: KernelOptions): Kernel {
  const kernel = createKernel(spec, options);
  startKernel(kernel, spec, initialParameters(spec, kernel.layout.layers));
  return kernel;
}

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

/** Arrays for the outcome of a block, grown as blocks grow and then reused. */
function createOutcomeRoom(outputs: number): (count: number) => Outcome {
  let room: Outcome = {
    outputs: new Float32Array(0),
    losses: new Float32Array(0),
    versions: new Float64Array(0),
  };
  const views = createViews(outputs);
  return (count) => {
    if (count > room.losses.length) {
      const rows = Math.max(count, 2 * room.losses.length);
      room = {
        outputs: new Float32Array(rows * outputs),
        losses: new Float32Array(rows),
        versions: new Float64Array(rows),
      };
    }
    return views(room, count);
  };
}

/** Elements [from, to) of an array, which is itself where that is all of it. */
function part(array: Float32Array | Uint8Array, from: number, to: number): Float32Array | Uint8Array {
  return from === 0 && to === array.length ? array : array.subarray(from, to);
}

/** Runs rows [from, from + count) of a block through the kernel. */
function learnPart(kernel: Kernel, block: Block, from: number, count: number): void {
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
function createBlockLearner(kernel: Kernel): (block: Block, outcome: Outcome) => void {
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

function predictRows(kernel: Kernel, rows: Float32Array, total: number): Float32Array {
  const { capacity, inputs, outputs } = kernel.layout;
  const predictions = new Float32Array(total * outputs);
  for (let from = 0; from < total; from += capacity) {
    const count = Math.min(capacity, total - from);
    kernel.block.inputs.set(rows.subarray(from * inputs, (from + count) * inputs));
    kernel.predict(count);
    predictions.set(kernel.block.outputs.subarray(0, count * outputs), from * outputs);
  }
  return predictions;
}

/** Creates a learner that has seen nothing. Throws RangeError where given initial parameters do not fit the network. */
export function createLearner(spec: LearnerSpec, options: KernelOptions = {}): Learner {
  const kernel = openKernel(spec, options);
  const { regions } = kernel.layout;
  const counters = new Float64Array(kernel.buffer, regions.counters.offset, regions.counters.length);
  const sums = new Float64Array(kernel.buffer, regions.attribution.offset, regions.attribution.length);
  const metrics = createMetrics({
    target: spec.target,
    outputs: spec.outputs,
    window: spec.metricsWindow,
    fading: spec.metricsFading,
    loss: spec.loss,
  });
  const roomFor = createOutcomeRoom(spec.outputs);
  const learnBlock = createBlockLearner(kernel);
  return {
    inputs: spec.inputs,
    outputs: spec.outputs,
    get steps() {
      return counters[counter.steps];
    },
    get refusedSteps() {
      return counters[counter.refused];
    },
    learn(block) {
      const outcome = roomFor(block.count);
      learnBlock(block, outcome);
      metrics.update(outcome, block.targets, block.labelled, block.count);
      return outcome;
    },
    predict: (inputs, count) => predictRows(kernel, inputs, count),
    snapshot: () => [...readState(kernel), ...metrics.snapshot()],
    restore(tensors) {
      metrics.restore(tensors);
      writeState(kernel, tensors);
    },
    weightsDigest: () => weightsDigest(readParameters(kernel)),
    metrics: () => metrics.report(),
    inputStrengths() {
      const looked = counters[counter.attributed];
      return looked === 0 ? null : sums.map((sum) => sum / looked);
    },
    network: () => reportNetwork(kernel, spec),
  };
}
