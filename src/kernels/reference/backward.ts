// Backpropagation of one sample: δ_j = (Σ_k w_kj δ_k)·f'(z_j), k in order, in float32. Bishop (2006), equation 5.56.
// Rows with δ = 0 add nothing and are skipped; nothing is propagated into the inputs.

import { eluSlope } from '../activations/elu.ts';
import { geluSlope } from '../activations/gelu.ts';
import { leakyReluSlope } from '../activations/leaky-relu.ts';
import { reluSlope } from '../activations/relu.ts';
import { sigmoid, sigmoidSlope } from '../activations/sigmoid.ts';
import { tanhSlope } from '../activations/tanh.ts';
import type { LayerLayout } from '../layout.ts';
import { toFloat32 } from '../scalar/round.ts';
import type { Machine } from './machine.ts';

const { fround } = Math;

/** f'(z) from z and the response f(z). */
export function slopeOf(layer: LayerLayout): (z: number, response: number) => number {
  switch (layer.activation) {
    case 'relu':
      return reluSlope;
    case 'leaky-relu':
      return leakyReluSlope;
    case 'sigmoid':
      return (_, response) => sigmoidSlope(response);
    case 'tanh':
      return (_, response) => tanhSlope(response);
    case 'elu':
      return eluSlope;
    case 'gelu':
      return geluSlope;
    case 'softplus':
      return sigmoid;
    default:
      return () => 1;
  }
}

/** Fills the deltas of every hidden layer from those of the output layer. */
export function backward(machine: Machine): void {
  const { layout, parameters, values } = machine;
  for (let l = layout.layers.length - 1; l > 0; l--) {
    const layer = layout.layers[l];
    const above = values[l].deltas;
    const { deltas, logits, responses, keep } = values[l - 1];
    deltas.fill(0);
    for (let k = 0; k < layer.outputs; k++) {
      const delta = above[k];
      if (delta === 0) continue;
      const row = layer.weights + k * layer.stride;
      for (let j = 0; j < layer.inputs; j++) deltas[j] = fround(deltas[j] + fround(parameters[row + j] * delta));
    }
    const below = layout.layers[l - 1];
    const slope = slopeOf(below);
    for (let j = 0; j < layer.inputs; j++) {
      const kept = below.dropout === 0 ? deltas[j] : fround(deltas[j] * keep[j]);
      deltas[j] = fround(kept * toFloat32(slope(logits[j], responses[j])));
    }
  }
}
