// The forward pass of the samples 0 … n − 1 of a tile, as ../reference/forward.ts.

import { elu } from '../activations/elu';
import { gelu } from '../activations/gelu';
import { leakyRelu } from '../activations/leaky-relu';
import { sigmoid } from '../activations/sigmoid';
import { softplus } from '../activations/softplus';
import { tanh } from '../scalar/tanh';
import { toFloat32 } from '../scalar/round';
import {
  ACTIVATION_ELU, ACTIVATION_GELU, ACTIVATION_LEAKY_RELU, ACTIVATION_RELU, ACTIVATION_SIGMOID, ACTIVATION_SOFTPLUS,
  ACTIVATION_TANH,
} from '../program-slots';
import { denseOne, finite } from './dense';
import { denseTile } from './dense-tile';
import {
  activationOf, activationsOf, belowOf, biasesOf, keepOf, layerOutputs, logitsOf, responsesOf, rowBytes, unitBytes,
  weightsOf,
} from './layers';
import { layers } from './program';

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;

@inline
function respond(activation: i32, z: f64): f64 {
  switch (activation) {
    case ACTIVATION_LEAKY_RELU: return leakyRelu(z);
    case ACTIVATION_SIGMOID: return sigmoid(z);
    case ACTIVATION_TANH: return tanh(z);
    case ACTIVATION_ELU: return elu(z);
    case ACTIVATION_GELU: return gelu(z);
    case ACTIVATION_SOFTPLUS: return softplus(z);
    default: return z;
  }
}

/** NaN is not below the smallest normal number, so it stays. */
@inline
export function relu(z: v128): v128 {
  return v128.andnot(z, f32x4.lt(z, f32x4.splat(SMALLEST_NORMAL)));
}

/** f of one row of logits. */
function activate(activation: i32, z: usize, a: usize, units: i32): void {
  if (activation == ACTIVATION_RELU) {
    const bytes = <usize>(units << 2);
    let p: usize = 0;
    for (; p + 16 <= bytes; p += 16) {
      v128.store(a + p, relu(v128.load(z + p)));
    }
    for (; p < bytes; p += 4) {
      const v = load<f32>(z + p);
      store<f32>(a + p, v < SMALLEST_NORMAL ? 0 : v);
    }
    return;
  }
  for (let j = 0; j < units; j++) {
    const at = <usize>j << 2;
    store<f32>(a + at, <f32>toFloat32(respond(activation, <f64>load<f32>(z + at))));
  }
}

/** Dropout: activations = responses · keep, kept finite. */
function drop(responses: usize, keep: usize, a: usize, bytes: usize): void {
  for (let p: usize = 0; p < bytes; p += 16) {
    v128.store(a + p, finite(f32x4.mul(v128.load(responses + p), v128.load(keep + p))));
  }
}

/** Carries the scaled rows through the layers; the output layer's logits are left for output.ts. */
export function forward(n: i32): void {
  for (let l = 0; l < layers; l++) {
    const stride = rowBytes(l);
    const units = unitBytes(l);
    const outputs = layerOutputs(l);
    const z = logitsOf(l);
    if (n == 1) denseOne(weightsOf(l), biasesOf(l), stride, outputs, belowOf(l), z);
    else denseTile(weightsOf(l), biasesOf(l), stride, outputs, belowOf(l), z, units, n);
    if (l == layers - 1) break;
    const activation = activationOf(l);
    const responses = responsesOf(l);
    const activations = activationsOf(l);
    for (let s = 0; s < n; s++) {
      const at = <usize>s * units;
      activate(activation, z + at, responses + at, outputs);
      if (activations != responses) drop(responses + at, keepOf(l), activations + at, units);
    }
  }
}
