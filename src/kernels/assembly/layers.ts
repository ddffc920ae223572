// The layers and the room for up to TILE samples on their way through them. Per layer: logits, responses, activations
// and deltas, one padded row a sample; where a layer drops nothing, responses and activations are the same rows.

import { inputs, layers, layerSetting, parameters, gradient, scratch } from './program';
import * as slot from '../program-slots';

/** Samples carried through together: ../layout.ts, tileSamples. */
export const TILE: i32 = 32;

/** One layer as the kernel reads it; bytes for strides. Kept in linear memory, one record of FIELDS·4 bytes a layer. */
const FIELDS: i32 = 16;
let table: usize = 0;

@inline
function field(l: i32, f: i32): usize {
  return table + (<usize>(l * FIELDS + f) << 2);
}

@inline
export function pad4(n: i32): i32 {
  return (n + 3) & ~3;
}

@inline
export function layerInputs(l: i32): i32 { return load<i32>(field(l, 0)); }
@inline
export function layerOutputs(l: i32): i32 { return load<i32>(field(l, 1)); }
/** Bytes of a weight row, a multiple of 16. */
@inline
export function rowBytes(l: i32): usize { return <usize>load<u32>(field(l, 2)); }
/** Bytes of a row of outputs, a multiple of 16. */
@inline
export function unitBytes(l: i32): usize { return <usize>load<u32>(field(l, 3)); }
@inline
export function weightsOf(l: i32): usize { return parameters + <usize>load<u32>(field(l, 4)); }
@inline
export function biasesOf(l: i32): usize { return parameters + <usize>load<u32>(field(l, 5)); }
@inline
export function weightGradientOf(l: i32): usize { return gradient + <usize>load<u32>(field(l, 4)); }
@inline
export function biasGradientOf(l: i32): usize { return gradient + <usize>load<u32>(field(l, 5)); }
@inline
export function activationOf(l: i32): i32 { return load<i32>(field(l, 6)); }
@inline
export function dropoutOf(l: i32): f64 { return layerSetting(l, slot.LAYER_DROPOUT); }
@inline
export function logitsOf(l: i32): usize { return <usize>load<u32>(field(l, 7)); }
@inline
export function responsesOf(l: i32): usize { return <usize>load<u32>(field(l, 8)); }
@inline
export function activationsOf(l: i32): usize { return <usize>load<u32>(field(l, 9)); }
@inline
export function deltasOf(l: i32): usize { return <usize>load<u32>(field(l, 10)); }
@inline
export function keepOf(l: i32): usize { return <usize>load<u32>(field(l, 11)); }

/** What layer l reads, one row of rowBytes(l) a sample. */
@inline
export function belowOf(l: i32): usize {
  return l == 0 ? scaledRows : activationsOf(l - 1);
}

/** Scaled inputs, one padded row a sample. */
export let scaledRows: usize = 0;
/** float64 room for the output units: slopes, then probabilities. */
export let slopes: usize = 0;
export let probabilities: usize = 0;
/** Scalers' statistics as they were before a tile. */
export let savedState: usize = 0;
/** Buffer slots drawn for a tile. */
export let slots: usize = 0;
/** ∂E/∂x of one sample's scaled inputs, padded. */
export let inputSlopes: usize = 0;
/** For the gradient of a tile: samples with δ ≠ 0, by row. */
export let active: usize = 0;

/** Lays out the scratch region. */
export function layScratch(): void {
  let next = scratch;
  table = next;
  next += <usize>((layers * FIELDS * 4 + 15) & ~15);
  scaledRows = next;
  next += <usize>(TILE * pad4(inputs) * 4);
  let widest = 0;
  for (let l = 0; l < layers; l++) {
    const ins = <i32>layerSetting(l, slot.LAYER_INPUTS);
    const outs = <i32>layerSetting(l, slot.LAYER_OUTPUTS);
    const row = <usize>(TILE * pad4(outs) * 4);
    if (outs > widest) widest = outs;
    store<i32>(field(l, 0), ins);
    store<i32>(field(l, 1), outs);
    store<u32>(field(l, 2), pad4(ins) * 4);
    store<u32>(field(l, 3), pad4(outs) * 4);
    store<u32>(field(l, 4), 4 * <u32>layerSetting(l, slot.LAYER_WEIGHTS));
    store<u32>(field(l, 5), 4 * <u32>layerSetting(l, slot.LAYER_BIASES));
    store<i32>(field(l, 6), <i32>layerSetting(l, slot.LAYER_ACTIVATION));
    const dropped = dropoutOf(l) > 0;
    store<u32>(field(l, 7), <u32>next);
    next += row;
    store<u32>(field(l, 8), <u32>next);
    next += row;
    if (dropped) {
      store<u32>(field(l, 9), <u32>next);
      next += row;
    } else {
      store<u32>(field(l, 9), load<u32>(field(l, 8)));
    }
    store<u32>(field(l, 10), <u32>next);
    next += row;
    store<u32>(field(l, 11), <u32>next);
    next += <usize>(pad4(outs) * 4);
  }
  slopes = next;
  next += <usize>(pad4(widest) * 8);
  probabilities = next;
  next += <usize>(pad4(widest) * 8);
  savedState = next;
  next += <usize>(pad4(inputs) * 24 + pad4(widest) * 16);
  slots = next;
  next += <usize>(TILE * 4);
  inputSlopes = next;
  next += <usize>(pad4(inputs) * 4);
  active = next;
}
