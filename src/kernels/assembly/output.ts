// The output layer of one sample of a tile, as ../reference/output.ts: predictions, loss and δ, in float64.

import { sigmoidFrom, sigmoidSlope } from '../activations/sigmoid';
import { binaryCrossEntropyFrom } from '../losses/binary-cross-entropy';
import { huberLoss, huberSlope } from '../losses/huber';
import { squaredLoss } from '../losses/squared';
import {
  ACTIVATION_SIGMOID, ACTIVATION_SOFTMAX, LOSS_CROSS_ENTROPY, LOSS_HUBER, TARGET_MULTICLASS,
} from '../program-slots';
import { exp } from '../scalar/exp';
import { log } from '../scalar/log1p';
import { toFloat32 } from '../scalar/round';
import { deltasOf, logitsOf, probabilities, slopes, unitBytes } from './layers';
import { layers, loss, outputActivation, outputs, standardize, target, targetMean, targetSpread } from './program';

const LARGEST: f64 = 3.4028234663852886e38;

@inline
function finiteFloat32(x: f64): f32 {
  if (x != x) return 0;
  return <f32>toFloat32(x > LARGEST ? LARGEST : x < -LARGEST ? -LARGEST : x);
}

@inline
function logitsRow(s: i32): usize {
  return logitsOf(layers - 1) + <usize>s * unitBytes(layers - 1);
}

@inline
function logit(row: usize, k: i32): f64 {
  return <f64>load<f32>(row + (<usize>k << 2));
}

@inline
function probability(k: i32): f64 {
  return load<f64>(probabilities + (<usize>k << 3));
}

/** Softmax into `probabilities`; returns ln Σe^z. */
function softmax(row: usize): f64 {
  let top = logit(row, 0);
  for (let k = 1; k < outputs; k++) if (logit(row, k) > top) top = logit(row, k);
  let sum: f64 = 0;
  for (let k = 0; k < outputs; k++) {
    const e = exp(logit(row, k) - top);
    store<f64>(probabilities + (<usize>k << 3), e);
    sum += e;
  }
  for (let k = 0; k < outputs; k++) store<f64>(probabilities + (<usize>k << 3), probability(k) / sum);
  return top + log(sum);
}

let logSum: f64 = 0;

/**
 * ŷ of every output before any rounding, into `probabilities`, for sample s; the functions below then read it. A sigmoid
 * leaves e^(−|z|) in `slopes`, where the loss finds it.
 */
export function activateOutput(s: i32): void {
  const row = logitsRow(s);
  if (outputActivation == ACTIVATION_SOFTMAX) {
    logSum = softmax(row);
    return;
  }
  for (let k = 0; k < outputs; k++) {
    const z = logit(row, k);
    if (outputActivation == ACTIVATION_SIGMOID) {
      const tail = exp(-abs<f64>(z));
      store<f64>(slopes + (<usize>k << 3), tail);
      store<f64>(probabilities + (<usize>k << 3), sigmoidFrom(z, tail));
    } else store<f64>(probabilities + (<usize>k << 3), z);
  }
}

@inline
function deviation(k: i32, seen: f64): f64 {
  return seen > 0 ? sqrt<f64>(load<f64>(targetSpread + (<usize>k << 3)) / seen) : 0;
}

/** Writes the predictions to `to`; `seen` targets are in the statistics. */
export function writeOutputs(to: usize, seen: f64): void {
  for (let k = 0; k < outputs; k++) {
    let y = probability(k);
    if (standardize) y = load<f64>(targetMean + (<usize>k << 3)) + deviation(k, seen) * y;
    store<f32>(to + (<usize>k << 2), finiteFloat32(y));
  }
}

@inline
function targetOf(at: usize, k: i32): f64 {
  if (target == TARGET_MULTICLASS) return load<f32>(at) == <f32>k ? 1 : 0;
  return <f64>load<f32>(at + (<usize>k << 2));
}

/** The loss of sample s, just activated, whose predictions are at `published`. */
export function sampleLoss(s: i32, at: usize, published: usize): f32 {
  const row = logitsRow(s);
  let sum: f64 = 0;
  if (loss == LOSS_CROSS_ENTROPY && outputActivation == ACTIVATION_SOFTMAX) {
    sum = logSum - logit(row, <i32>load<f32>(at));
  } else {
    for (let k = 0; k < outputs; k++) {
      const y = targetOf(at, k);
      if (loss == LOSS_CROSS_ENTROPY) sum += binaryCrossEntropyFrom(logit(row, k), y, load<f64>(slopes + (<usize>k << 3)));
      else {
        const error = <f64>load<f32>(published + (<usize>k << 2)) - y;
        sum += loss == LOSS_HUBER ? huberLoss(error) : squaredLoss(error);
      }
    }
  }
  return sum != sum ? <f32>LARGEST : finiteFloat32(sum);
}

/** Takes the targets at `at` into the statistics; `seen` counts them too. */
export function updateTargetScaler(at: usize, seen: f64): void {
  for (let k = 0; k < outputs; k++) {
    const y = <f64>load<f32>(at + (<usize>k << 2));
    const to = <usize>k << 3;
    const mean = load<f64>(targetMean + to);
    const difference = y - mean;
    const moved = mean + difference / seen;
    store<f64>(targetMean + to, moved);
    store<f64>(targetSpread + to, load<f64>(targetSpread + to) + difference * (y - moved));
  }
}

@inline
function learntTarget(y: f64, k: i32, seen: f64): f64 {
  if (!standardize) return y;
  const spread = deviation(k, seen);
  return spread > 1e-150 ? <f64><f32>((y - load<f64>(targetMean + (<usize>k << 3))) / spread) : 0;
}

/** δ of the output layer of sample s, times `factor`. */
export function outputDeltas(s: i32, at: usize, factor: f64, seen: f64): void {
  const deltas = deltasOf(layers - 1) + <usize>s * unitBytes(layers - 1);
  const fused = loss == LOSS_CROSS_ENTROPY;
  let mean: f64 = 0;
  for (let k = 0; k < outputs; k++) {
    const error = probability(k) - learntTarget(targetOf(at, k), k, seen);
    const slope = loss == LOSS_HUBER ? huberSlope(error) : error;
    store<f64>(slopes + (<usize>k << 3), slope);
    mean += slope * probability(k);
  }
  for (let k = 0; k < outputs; k++) {
    let delta = load<f64>(slopes + (<usize>k << 3));
    if (!fused && outputActivation == ACTIVATION_SIGMOID) delta *= sigmoidSlope(probability(k));
    if (!fused && outputActivation == ACTIVATION_SOFTMAX) delta = probability(k) * (delta - mean);
    store<f32>(deltas + (<usize>k << 2), <f32>toFloat32(delta * factor));
  }
}

/** No sample, no δ: an unlabelled row of a tile. */
export function clearDeltas(s: i32): void {
  const bytes = unitBytes(layers - 1);
  memory.fill(deltasOf(layers - 1) + <usize>s * bytes, 0, bytes);
}
