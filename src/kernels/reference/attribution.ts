// How much each input matters: |∂E/∂x · x| of scaled inputs, summed over a fixed part of the labelled samples. Part of
// the state. Source: gradient × input, Shrikumar, Greenside, Shcherbina & Kundaje (2016), arXiv:1605.01713.

import { attributionStride } from '../attribution-stride.ts';
import { counter } from '../counters.ts';
import { gradientMax, sampleGradientBound } from './bounds.ts';
import type { Machine } from './machine.ts';

const { fround } = Math;

/**
 * Adds the sample at hand, whose deltas stand, if it is one of those looked at; it counts for all samples since the one
 * before. E is the loss as it is learnt, times the sample's weight, before a batch is averaged. A sample about to be
 * refused is left out, and so is a product that is not finite.
 */
export function attribute(machine: Machine): void {
  const { counters, layout, parameters, scaled, spec, values, attribution } = machine;
  const stride = attributionStride(counters[counter.labelled]);
  if (counters[counter.labelled] % stride !== 0 || !(sampleGradientBound(machine) <= gradientMax)) return;
  const layer = layout.layers[0];
  const { deltas } = values[0];
  const share = spec.batchReduction === 'mean' ? 1 / spec.batchSize : 1;
  const worth = stride / share;
  for (let j = 0; j < layer.inputs; j++) {
    let slope = 0;
    for (let k = 0; k < layer.outputs; k++) {
      if (deltas[k] === 0) continue;
      slope = fround(slope + fround(parameters[layer.weights + k * layer.stride + j] * deltas[k]));
    }
    const size = Math.abs(slope * scaled[j]);
    if (size < Infinity) attribution[j] += worth * size;
  }
  counters[counter.attributed] += stride;
}
