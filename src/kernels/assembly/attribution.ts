// How much each input matters, as ../reference/attribution.ts.

import { attributionStride } from '../attribution-stride';
import { propagate } from './backward';
import { deltasOf, inputSlopes, layerOutputs, rowBytes, scaledRows, unitBytes, weightsOf } from './layers';
import { ATTRIBUTED, attribution, batchShare, count, inputs, setCount } from './program';

/** Whether any of the labelled samples after number `before`, up to number `to`, is looked at. */
@inline
export function isAnyAttributed(before: f64, to: f64): bool {
  const mask = -<i64>attributionStride(to);
  return (<i64>before & mask) != (<i64>to & mask);
}

/** Whether labelled sample number n is looked at; strides are powers of 2. */
@inline
export function isAttributed(n: f64): bool {
  return (<i64>n & (<i64>attributionStride(n) - 1)) == 0;
}

/** Adds sample s of the tile, labelled sample number n, whose deltas stand. */
export function attribute(s: i32, n: f64): void {
  const stride = attributionStride(n);
  const worth = stride / batchShare;
  const row = scaledRows + <usize>s * rowBytes(0);
  propagate(weightsOf(0), rowBytes(0), deltasOf(0) + <usize>s * unitBytes(0), layerOutputs(0), inputSlopes);
  for (let j: usize = 0; j < <usize>inputs; j++) {
    const size = abs<f64>(<f64>load<f32>(inputSlopes + (j << 2)) * <f64>load<f32>(row + (j << 2)));
    if (!(size < Infinity)) continue;
    const to = attribution + (j << 3);
    store<f64>(to, load<f64>(to) + worth * size);
  }
  setCount(ATTRIBUTED, count(ATTRIBUTED) + stride);
}
