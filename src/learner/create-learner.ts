// The learner: a kernel that holds the state and does the arithmetic, the prequential metrics beside it, and nothing
// else. Two learners of one spec, fed the same samples in blocks of any size, are equal bit for bit.

import { counter } from '../kernels/counters.ts';
import { createKernel, type KernelOptions } from '../kernels/create-kernel.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { startKernel } from '../kernels/start.ts';
import { createBlockLearner, createOutcomeRoom } from './block-learner.ts';
import { weightsDigest } from './digest.ts';
import { initialParameters } from './initialise.ts';
import type { Learner } from './learner.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createStateRoom } from './metrics/state-room.ts';
import { reportNetwork } from './network-report.ts';
import { metricsOptions } from './share.ts';
import type { LearnerSpec } from './spec.ts';
import { readParameters, readState, writeState } from './tensors.ts';

/** Creates a kernel with its initial state. */
function openKernel(spec: LearnerSpec, options: KernelOptions): Kernel {
  const kernel = createKernel(spec, options);
  startKernel(kernel, spec, initialParameters(spec, kernel.layout.layers));
  return kernel;
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
  const remembered: SharedArrayBuffer[] = [];
  const metrics = createMetrics(metricsOptions(spec), createStateRoom(remembered));
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
    share: kernel.share && { spec, kernel: kernel.share, metrics: remembered },
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
