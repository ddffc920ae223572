// What one sample's deltas do under plain SGD, as ../reference/gradient.ts: subtracted from the parameters at once.

import { belowOf, biasesOf, deltasOf, layerOutputs, rowBytes, unitBytes, weightsOf } from './layers';
import { layers } from './program';

/**
 * Rows of up to this many bytes are not worth skipping where δ = 0: a branch guessed wrong costs more. Not skipping gives the
 * same bits, because no parameter and no gradient is ever −0, and only −0 would be changed by taking 0 away.
 */
const UNSKIPPED: usize = 128;

/** row −= step·a. */
@inline
function subtractRow(row: usize, end: usize, a: usize, step: f32): void {
  const d = f32x4.splat(step);
  while (row + 64 <= end) {
    v128.store(row, f32x4.sub(v128.load(row), f32x4.mul(d, v128.load(a))));
    v128.store(row, f32x4.sub(v128.load(row, 16), f32x4.mul(d, v128.load(a, 16))), 16);
    v128.store(row, f32x4.sub(v128.load(row, 32), f32x4.mul(d, v128.load(a, 32))), 32);
    v128.store(row, f32x4.sub(v128.load(row, 48), f32x4.mul(d, v128.load(a, 48))), 48);
    row += 64;
    a += 64;
  }
  for (; row < end; row += 16, a += 16) v128.store(row, f32x4.sub(v128.load(row), f32x4.mul(d, v128.load(a))));
}

/** Rows of one to four vectors, whose number is known where this is inlined: the inputs stay in registers. */
@inline
function subtractShortRows(row: usize, vectors: i32, outputs: i32, a: usize, deltas: usize, rate: v128): void {
  const a0 = v128.load(a);
  const a1 = vectors > 1 ? v128.load(a, 16) : a0;
  const a2 = vectors > 2 ? v128.load(a, 32) : a0;
  const a3 = vectors > 3 ? v128.load(a, 48) : a0;
  const end = deltas + (<usize>outputs << 2);
  for (; deltas < end; deltas += 4, row += <usize>vectors << 4) {
    const step = f32x4.mul(rate, v128.load32_splat(deltas));
    v128.store(row, f32x4.sub(v128.load(row), f32x4.mul(step, a0)));
    if (vectors > 1) v128.store(row, f32x4.sub(v128.load(row, 16), f32x4.mul(step, a1)), 16);
    if (vectors > 2) v128.store(row, f32x4.sub(v128.load(row, 32), f32x4.mul(step, a2)), 32);
    if (vectors > 3) v128.store(row, f32x4.sub(v128.load(row, 48), f32x4.mul(step, a3)), 48);
  }
}

function subtractRows1(row: usize, outputs: i32, a: usize, deltas: usize, rate: v128): void {
  subtractShortRows(row, 1, outputs, a, deltas, rate);
}
function subtractRows2(row: usize, outputs: i32, a: usize, deltas: usize, rate: v128): void {
  subtractShortRows(row, 2, outputs, a, deltas, rate);
}
function subtractRows3(row: usize, outputs: i32, a: usize, deltas: usize, rate: v128): void {
  subtractShortRows(row, 3, outputs, a, deltas, rate);
}
function subtractRows4(row: usize, outputs: i32, a: usize, deltas: usize, rate: v128): void {
  subtractShortRows(row, 4, outputs, a, deltas, rate);
}

/** θ −= (rate·δ)·a over all layers, for the one sample of the tile. */
export function descend(rate: f32): void {
  const rate4 = f32x4.splat(rate);
  for (let l = 0; l < layers; l++) {
    const stride = rowBytes(l);
    const outputs = layerOutputs(l);
    const deltas = deltasOf(l);
    const biases = biasesOf(l);
    const a = belowOf(l);
    const bytes = unitBytes(l);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(biases + at, f32x4.sub(v128.load(biases + at), f32x4.mul(rate4, v128.load(deltas + at))));
    }
    let row = weightsOf(l);
    if (stride <= 64) {
      if (stride == 16) subtractRows1(row, outputs, a, deltas, rate4);
      else if (stride == 32) subtractRows2(row, outputs, a, deltas, rate4);
      else if (stride == 48) subtractRows3(row, outputs, a, deltas, rate4);
      else subtractRows4(row, outputs, a, deltas, rate4);
      continue;
    }
    const skips = stride > UNSKIPPED;
    for (let i = 0; i < outputs; i++, row += stride) {
      const delta = load<f32>(deltas + (<usize>i << 2));
      if (skips && delta == 0) continue;
      subtractRow(row, row + stride, a, rate * delta);
    }
  }
}
