// The kernel in plain TypeScript: the definition of every bit the WebAssembly kernel has to give, and its stand-in where
// there is no SIMD. One sample at a time, every float32 operation rounded with Math.fround.

import type { LearnerSpec } from '../../learner/spec.ts';
import { createBlock } from '../block.ts';
import { counter } from '../counters.ts';
import type { Kernel, KernelBlock } from '../kernel.ts';
import type { Layout } from '../layout.ts';
import { attribute } from './attribution.ts';
import { backward } from './backward.ts';
import { refreshBounds } from './bounds.ts';
import { drawDropout, dropsUnits, keepAllUnits } from './dropout.ts';
import { forward } from './forward.ts';
import { refreshInputScaler, scaleInputs, updateInputScaler } from './input-scaler.ts';
import type { Machine } from './machine.ts';
import { createMachine } from './machine.ts';
import { outputDeltas, sampleLoss, writeOutputs } from './output.ts';
import type { RawSamples } from './rehearsal.ts';
import { drawSlot, rehearsalSteps, remember } from './rehearsal.ts';
import { hasStopped, learnSample } from './step.ts';
import { updateTargetScaler } from './target-scaler.ts';

/** Factor on the gradient of sample r: its weight, its class's, and 1/batchSize where the batch is averaged. */
function gradientFactor(machine: Machine, samples: RawSamples, r: number): number {
  const { spec, layout } = machine;
  const classWeight = spec.classWeights === null ? 1 : spec.classWeights[samples.targets[r * layout.targets]];
  const share = spec.batchReduction === 'mean' ? 1 / spec.batchSize : 1;
  return samples.weights[r] * classWeight * share;
}

/** Carries a sample whose forward pass is done back through the layers; with dropout it is done again, with units dropped. */
function goBack(machine: Machine, samples: RawSamples, r: number, drops: boolean): void {
  if (drops) {
    drawDropout(machine);
    forward(machine);
  }
  outputDeltas(machine, samples.targets, r * machine.layout.targets, gradientFactor(machine, samples, r));
  backward(machine);
  if (drops) keepAllUnits(machine);
}

/** The rehearsal steps that follow a step, each on a batch of drawn samples. */
function rehearse(machine: Machine, drops: boolean): void {
  const { spec } = machine;
  if (spec.rehearsal === null) return;
  const buffer: RawSamples = {
    inputs: machine.rehearsalInputs,
    targets: machine.rehearsalTargets,
    weights: machine.rehearsalWeights,
  };
  const draws = rehearsalSteps(machine) * spec.batchSize;
  for (let n = 0; n < draws && !hasStopped(machine); n++) {
    const slot = drawSlot(machine, spec.rehearsal.buffer);
    scaleInputs(machine, buffer.inputs, slot * spec.inputs);
    if (!drops) forward(machine);
    goBack(machine, buffer, slot, drops);
    learnSample(machine);
  }
}

/** Predicts, scores and learns row r of the block. */
function learnRow(machine: Machine, block: KernelBlock, r: number, drops: boolean): void {
  const { spec, layout, counters } = machine;
  const labelled = block.labelled[r] === 1;
  const learns = labelled && !hasStopped(machine);
  if (learns) {
    counters[counter.labelled] += 1;
    updateInputScaler(machine, block.inputs, r * spec.inputs);
    // The prediction is still made with the target statistics from before this sample.
    counters[counter.labelled] -= 1;
  }
  scaleInputs(machine, block.inputs, r * spec.inputs);
  forward(machine);
  writeOutputs(machine, block.outputs, r * spec.outputs);
  block.versions[r] = counters[counter.steps];
  block.losses[r] = labelled
    ? sampleLoss(machine, block.targets, r * layout.targets, block.outputs, r * spec.outputs)
    : Number.NaN;
  if (!learns) return;
  counters[counter.labelled] += 1;
  if (spec.standardizeTarget) updateTargetScaler(machine, block.targets, r * layout.targets);
  remember(machine, block, r);
  goBack(machine, block, r, drops);
  attribute(machine);
  if (learnSample(machine)) rehearse(machine, drops);
}

/** Creates the reference kernel on a machine, which is new, with a zeroed state, unless given. */
export function createReferenceKernel(
  spec: LearnerSpec,
  layout: Layout,
  machine: Machine = createMachine(spec, layout),
): Kernel {
  const block = createBlock(machine.buffer, layout);
  const drops = dropsUnits(machine);
  return {
    kind: 'reference',
    layout,
    buffer: machine.buffer,
    block,
    // Its counters and bounds are a machine's own, so it learns in the thread that made it.
    share: null,
    learn(count) {
      for (let r = 0; r < count; r++) learnRow(machine, block, r, drops);
    },
    predict(count) {
      for (let r = 0; r < count; r++) {
        scaleInputs(machine, block.inputs, r * spec.inputs);
        forward(machine);
        writeOutputs(machine, block.outputs, r * spec.outputs);
      }
    },
    refresh() {
      refreshInputScaler(machine);
      refreshBounds(machine);
    },
  };
}
