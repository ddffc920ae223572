// The output layer: predictions as they are published, the loss of a prediction, and δ = ∂E/∂z, all computed in float64
// from the float32 logits. Sigmoid and softmax with cross-entropy use the fused δ = ŷ − y (Bishop 2006, section 5.2).

import { sigmoid, sigmoidSlope } from '../activations/sigmoid.ts';
import { counter } from '../counters.ts';
import { binaryCrossEntropy } from '../losses/binary-cross-entropy.ts';
import { huberLoss, huberSlope } from '../losses/huber.ts';
import { squaredLoss } from '../losses/squared.ts';
import { exp } from '../scalar/exp.ts';
import { log } from '../scalar/log1p.ts';
import { toFloat32 } from '../scalar/round.ts';
import type { Machine } from './machine.ts';
import { learntTarget, targetDeviation } from './target-scaler.ts';

const largest = 3.4028234663852886e38;

/** The float32 nearest to x that is finite; NaN becomes 0, so that a broken network still answers with numbers. */
function finiteFloat32(x: number): number {
  if (Number.isNaN(x)) return 0;
  return toFloat32(x > largest ? largest : Math.max(x, -largest));
}

function outputLogits(machine: Machine): Float32Array {
  return machine.values[machine.values.length - 1].logits;
}

/** Softmax of the logits into `probabilities`, shifted by the largest so that nothing overflows; returns ln Σe^z. */
function softmax(machine: Machine): number {
  const { probabilities, spec } = machine;
  const logits = outputLogits(machine);
  let top = logits[0];
  for (let k = 1; k < spec.outputs; k++) if (logits[k] > top) top = logits[k];
  let sum = 0;
  for (let k = 0; k < spec.outputs; k++) {
    probabilities[k] = exp(logits[k] - top);
    sum += probabilities[k];
  }
  for (let k = 0; k < spec.outputs; k++) probabilities[k] /= sum;
  return top + log(sum);
}

/** ŷ of every output before any rounding, into `probabilities`; returns ln Σe^z for softmax, else 0. */
function activateOutput(machine: Machine): number {
  const { probabilities, spec } = machine;
  if (spec.outputActivation === 'softmax') return softmax(machine);
  const logits = outputLogits(machine);
  for (let k = 0; k < spec.outputs; k++) {
    probabilities[k] = spec.outputActivation === 'sigmoid' ? sigmoid(logits[k]) : logits[k];
  }
  return 0;
}

/**
 * Writes the predictions to `outputs` from `at`. Standardised regression: in the target's units, with the statistics
 * as they are now (`seen` targets), so before the sample's own.
 */
export function writeOutputs(machine: Machine, outputs: Float32Array, at: number): void {
  const { probabilities, spec } = machine;
  activateOutput(machine);
  const seen = machine.counters[counter.labelled];
  for (let k = 0; k < spec.outputs; k++) {
    const y = spec.standardizeTarget
      ? machine.targetMean[k] + targetDeviation(machine, k, seen) * probabilities[k]
      : probabilities[k];
    outputs[at + k] = finiteFloat32(y);
  }
}

/** y of output k: a value, or 1 for the sample's class and 0 for the others. */
function targetOf(machine: Machine, targets: Float32Array, at: number, k: number): number {
  return machine.spec.target === 'multiclass' ? (targets[at] === k ? 1 : 0) : targets[at + k];
}

/**
 * The loss of the prediction that `writeOutputs` has just written: cross-entropy from the logits, squared and huber
 * from the published values; summed over the outputs.
 */
export function sampleLoss(
  machine: Machine,
  targets: Float32Array,
  at: number,
  outputs: Float32Array,
  o: number,
): number {
  const { spec } = machine;
  const logits = outputLogits(machine);
  let loss = 0;
  if (spec.loss === 'cross-entropy' && spec.outputActivation === 'softmax') {
    loss = activateOutput(machine) - logits[targets[at]];
  } else {
    for (let k = 0; k < spec.outputs; k++) {
      const y = targetOf(machine, targets, at, k);
      if (spec.loss === 'cross-entropy') loss += binaryCrossEntropy(logits[k], y);
      else loss += spec.loss === 'huber' ? huberLoss(outputs[o + k] - y) : squaredLoss(outputs[o + k] - y);
    }
  }
  return Number.isNaN(loss) ? Math.fround(largest) : finiteFloat32(loss);
}

/** δ of the output layer for the sample's target, times `factor` (its weight, and 1/batchSize for a mean). */
export function outputDeltas(machine: Machine, targets: Float32Array, at: number, factor: number): void {
  const { probabilities, slopes, spec } = machine;
  const { deltas } = machine.values[machine.values.length - 1];
  activateOutput(machine);
  const fused = spec.loss === 'cross-entropy';
  let mean = 0;
  for (let k = 0; k < spec.outputs; k++) {
    const error = probabilities[k] - learntTarget(machine, targetOf(machine, targets, at, k), k);
    slopes[k] = spec.loss === 'huber' ? huberSlope(error) : error;
    mean += slopes[k] * probabilities[k];
  }
  for (let k = 0; k < spec.outputs; k++) {
    let delta = slopes[k];
    if (!fused && spec.outputActivation === 'sigmoid') delta *= sigmoidSlope(probabilities[k]);
    if (!fused && spec.outputActivation === 'softmax') delta = probabilities[k] * (delta - mean);
    deltas[k] = toFloat32(delta * factor);
  }
}
