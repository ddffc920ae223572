// Backpropagation of the samples 0 … n − 1 of a tile, as ../reference/backward.ts: δ_j = (Σ_k w_kj δ_k)·f'(z_j), k in
// order, rows with δ = 0 skipped. Up to eight vectors of j stay in registers while k runs.

import { eluSlope } from '../activations/elu';
import { geluSlope } from '../activations/gelu';
import { leakyReluSlope } from '../activations/leaky-relu';
import { sigmoid, sigmoidSlope } from '../activations/sigmoid';
import { tanhSlope } from '../activations/tanh';
import { toFloat32 } from '../scalar/round';
import {
  ACTIVATION_ELU, ACTIVATION_GELU, ACTIVATION_LEAKY_RELU, ACTIVATION_LINEAR, ACTIVATION_RELU, ACTIVATION_SIGMOID,
  ACTIVATION_SOFTPLUS, ACTIVATION_TANH,
} from '../program-slots';
import {
  activationOf, deltasOf, dropoutOf, keepOf, layerInputs, layerOutputs, logitsOf, responsesOf, rowBytes, unitBytes,
  weightsOf,
} from './layers';
import { layers } from './program';

@inline
function slope(activation: i32, z: f64, response: f64): f64 {
  switch (activation) {
    case ACTIVATION_LEAKY_RELU: return leakyReluSlope(z);
    case ACTIVATION_SIGMOID: return sigmoidSlope(response);
    case ACTIVATION_TANH: return tanhSlope(response);
    case ACTIVATION_ELU: return eluSlope(z, response);
    case ACTIVATION_GELU: return geluSlope(z);
    case ACTIVATION_SOFTPLUS: return sigmoid(z);
    default: return 1;
  }
}

/** below[0 … stride) = Σ_k δ_k·W_k. */
export function propagate(weights: usize, stride: usize, above: usize, outputs: i32, below: usize): void {
  let p: usize = 0;
  for (; p + 128 <= stride; p += 128) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    let w = weights + p;
    for (let k = 0; k < outputs; k++, w += stride) {
      const delta = load<f32>(above + (<usize>k << 2));
      if (delta == 0) continue;
      const d = f32x4.splat(delta);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(w), d));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(w, 16), d));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(w, 32), d));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(w, 48), d));
      s4 = f32x4.add(s4, f32x4.mul(v128.load(w, 64), d));
      s5 = f32x4.add(s5, f32x4.mul(v128.load(w, 80), d));
      s6 = f32x4.add(s6, f32x4.mul(v128.load(w, 96), d));
      s7 = f32x4.add(s7, f32x4.mul(v128.load(w, 112), d));
    }
    const to = below + p;
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, s4, 64);
    v128.store(to, s5, 80);
    v128.store(to, s6, 96);
    v128.store(to, s7, 112);
  }
  for (; p < stride; p += 16) {
    let s = f32x4.splat(0);
    let w = weights + p;
    for (let k = 0; k < outputs; k++, w += stride) {
      const delta = load<f32>(above + (<usize>k << 2));
      if (delta == 0) continue;
      s = f32x4.add(s, f32x4.mul(v128.load(w), f32x4.splat(delta)));
    }
    v128.store(below + p, s);
  }
}

/** Times relu's slope: a product with 0 or 1, so that NaN and the sign of 0 come out as in the reference. */
@inline
export function gate(deltas: v128, z: v128): v128 {
  return f32x4.mul(deltas, v128.and(f32x4.gt(z, f32x4.splat(0)), f32x4.splat(1)));
}

/** deltas *= f'(z), after dropout's own factor. */
function applySlope(l: i32, at: usize, units: i32): void {
  const activation = activationOf(l);
  const deltas = deltasOf(l) + at;
  const z = logitsOf(l) + at;
  const bytes = unitBytes(l);
  if (dropoutOf(l) > 0) {
    const keep = keepOf(l);
    for (let p: usize = 0; p < bytes; p += 16) {
      v128.store(deltas + p, f32x4.mul(v128.load(deltas + p), v128.load(keep + p)));
    }
  }
  if (activation == ACTIVATION_LINEAR) return;
  if (activation == ACTIVATION_RELU) {
    for (let p: usize = 0; p < bytes; p += 16) {
      v128.store(deltas + p, gate(v128.load(deltas + p), v128.load(z + p)));
    }
    return;
  }
  const responses = responsesOf(l) + at;
  for (let j = 0; j < units; j++) {
    const to = <usize>j << 2;
    const factor = <f32>toFloat32(slope(activation, <f64>load<f32>(z + to), <f64>load<f32>(responses + to)));
    store<f32>(deltas + to, load<f32>(deltas + to) * factor);
  }
}

/** Fills the deltas of every hidden layer from those of the output layer. */
export function backward(n: i32): void {
  for (let l = layers - 1; l > 0; l--) {
    const weights = weightsOf(l);
    const stride = rowBytes(l);
    const outputs = layerOutputs(l);
    const units = layerInputs(l);
    const above = unitBytes(l);
    for (let s = 0; s < n; s++) {
      const at = <usize>s * stride;
      propagate(weights, stride, deltasOf(l) + <usize>s * above, outputs, deltasOf(l - 1) + at);
      applySlope(l - 1, at, units);
    }
  }
}
