// What a sample's deltas do: ∂E/∂w_ij = δ_i·a_j, ∂E/∂b_i = δ_i, either subtracted at once (plain SGD, one sample a step)
// or added to the running gradient in sample order. Rows with δ = 0 change nothing and are skipped.

import type { LayerLayout } from '../layout.ts';
import type { Machine } from './machine.ts';

const { fround } = Math;

function below(machine: Machine, l: number): Float32Array {
  return l === 0 ? machine.scaled : machine.values[l - 1].activations;
}

/** θ −= (rate·δ)·a over all layers; rate is a float32. */
export function descend(machine: Machine, rate: number): void {
  const { parameters, layout, values } = machine;
  layout.layers.forEach((layer: LayerLayout, l) => {
    const inputs = below(machine, l);
    const { deltas } = values[l];
    for (let i = 0; i < layer.outputs; i++) {
      if (deltas[i] === 0) continue;
      const step = fround(rate * deltas[i]);
      const row = layer.weights + i * layer.stride;
      for (let j = 0; j < layer.inputs; j++) {
        parameters[row + j] = fround(parameters[row + j] - fround(step * inputs[j]));
      }
      parameters[layer.biases + i] = fround(parameters[layer.biases + i] - step);
    }
  });
}

/** G += δ·a over all layers. */
export function accumulate(machine: Machine): void {
  const { gradient, layout, values } = machine;
  layout.layers.forEach((layer: LayerLayout, l) => {
    const inputs = below(machine, l);
    const { deltas } = values[l];
    for (let i = 0; i < layer.outputs; i++) {
      const delta = deltas[i];
      if (delta === 0) continue;
      const row = layer.weights + i * layer.stride;
      for (let j = 0; j < layer.inputs; j++) gradient[row + j] = fround(gradient[row + j] + fround(delta * inputs[j]));
      gradient[layer.biases + i] = fround(gradient[layer.biases + i] + delta);
    }
  });
}
