// Forward pass of one sample: z = W·a + b, a = f(z), layer by layer, in float32 with one fixed order of summation.
// Four lanes sum every fourth product in order; then ((lane0 + lane1) + (lane2 + lane3)) + bias. A NaN reaches every output.

import { elu } from '../activations/elu.ts';
import { gelu } from '../activations/gelu.ts';
import { leakyRelu } from '../activations/leaky-relu.ts';
import { relu } from '../activations/relu.ts';
import { sigmoid } from '../activations/sigmoid.ts';
import { softplus } from '../activations/softplus.ts';
import type { LayerLayout } from '../layout.ts';
import { toFloat32 } from '../scalar/round.ts';
import { tanh } from '../scalar/tanh.ts';
import type { Machine } from './machine.ts';

const { fround } = Math;
const largest = 3.4028234663852886e38;

/** Dot product of `stride` floats at `w` in `weights` with `a`; stride is a multiple of 4. */
function dot(weights: Float32Array, w: number, a: Float32Array, stride: number): number {
  let lane0 = 0;
  let lane1 = 0;
  let lane2 = 0;
  let lane3 = 0;
  for (let j = 0; j < stride; j += 4) {
    lane0 = fround(lane0 + fround(weights[w + j] * a[j]));
    lane1 = fround(lane1 + fround(weights[w + j + 1] * a[j + 1]));
    lane2 = fround(lane2 + fround(weights[w + j + 2] * a[j + 2]));
    lane3 = fround(lane3 + fround(weights[w + j + 3] * a[j + 3]));
  }
  return fround(fround(lane0 + lane1) + fround(lane2 + lane3));
}

/** The value nearest to x that is not infinite; NaN stays. */
function finite(x: number): number {
  return x > largest ? largest : Math.max(x, -largest);
}

function activationOf(layer: LayerLayout): (z: number) => number {
  switch (layer.activation) {
    case 'relu':
      return relu;
    case 'leaky-relu':
      return leakyRelu;
    case 'sigmoid':
      return sigmoid;
    case 'tanh':
      return tanh;
    case 'elu':
      return elu;
    case 'gelu':
      return gelu;
    case 'softplus':
      return softplus;
    default:
      return (z) => z;
  }
}

/**
 * Carries `machine.scaled` through the layers. The output layer's activation is left to output.ts, which needs the
 * logits; its `activations` hold them.
 */
export function forward(machine: Machine): void {
  const { layout, parameters, values } = machine;
  let below = machine.scaled;
  for (let l = 0; l < layout.layers.length; l++) {
    const layer = layout.layers[l];
    const { logits, responses, activations, keep } = values[l];
    const hidden = l < layout.layers.length - 1;
    const activate = activationOf(layer);
    for (let i = 0; i < layer.outputs; i++) {
      const sum = dot(parameters, layer.weights + i * layer.stride, below, layer.stride);
      const z = finite(fround(sum + parameters[layer.biases + i]));
      logits[i] = z;
      if (!hidden) continue;
      responses[i] = toFloat32(activate(z));
      if (layer.dropout > 0) activations[i] = finite(fround(responses[i] * keep[i]));
    }
    below = activations;
  }
}
