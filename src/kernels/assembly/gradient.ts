// What deltas do, as ../reference/gradient.ts: subtracted at once for one sample (plain SGD), or added to the running
// gradient for a tile of samples in their order. Rows with δ = 0 change nothing and are skipped.

import {
  active, belowOf, biasesOf, biasGradientOf, deltasOf, layerOutputs, rowBytes, unitBytes, weightGradientOf, weightsOf,
} from './layers';
import { layers } from './program';

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

/** θ −= (rate·δ)·a over all layers, for the one sample of the tile. */
export function descend(rate: f32): void {
  for (let l = 0; l < layers; l++) {
    const stride = rowBytes(l);
    const outputs = layerOutputs(l);
    const deltas = deltasOf(l);
    const biases = biasesOf(l);
    const a = belowOf(l);
    let row = weightsOf(l);
    for (let i = 0; i < outputs; i++, row += stride) {
      const at = <usize>i << 2;
      const delta = load<f32>(deltas + at);
      if (delta == 0) continue;
      const step = rate * delta;
      subtractRow(row, row + stride, a, step);
      store<f32>(biases + at, load<f32>(biases + at) - step);
    }
  }
}

/** row += δ·a. */
@inline
function addRow(row: usize, end: usize, a: usize, delta: f32): void {
  const d = f32x4.splat(delta);
  for (; row < end; row += 16, a += 16) v128.store(row, f32x4.add(v128.load(row), f32x4.mul(d, v128.load(a))));
}

/** G += δ·a over all layers, for one sample. */
function accumulateOne(): void {
  for (let l = 0; l < layers; l++) {
    const stride = rowBytes(l);
    const outputs = layerOutputs(l);
    const deltas = deltasOf(l);
    const biases = biasGradientOf(l);
    const a = belowOf(l);
    let row = weightGradientOf(l);
    for (let i = 0; i < outputs; i++, row += stride) {
      const at = <usize>i << 2;
      const delta = load<f32>(deltas + at);
      if (delta == 0) continue;
      addRow(row, row + stride, a, delta);
      store<f32>(biases + at, load<f32>(biases + at) + delta);
    }
  }
}

/** Bytes of one entry of the list of a row's samples with δ ≠ 0: δ as a float32, then the address of the sample's inputs. */
const ENTRY: usize = 8;

/** Eight vectors of a gradient row, over the listed samples in order. */
@inline
function addColumns8(row: usize, entry: usize, end: usize, p: usize): void {
  let g0 = v128.load(row), g1 = v128.load(row, 16), g2 = v128.load(row, 32), g3 = v128.load(row, 48);
  let g4 = v128.load(row, 64), g5 = v128.load(row, 80), g6 = v128.load(row, 96), g7 = v128.load(row, 112);
  for (; entry < end; entry += ENTRY) {
    const d = v128.load32_splat(entry);
    const a = <usize>load<u32>(entry, 4) + p;
    g0 = f32x4.add(g0, f32x4.mul(d, v128.load(a)));
    g1 = f32x4.add(g1, f32x4.mul(d, v128.load(a, 16)));
    g2 = f32x4.add(g2, f32x4.mul(d, v128.load(a, 32)));
    g3 = f32x4.add(g3, f32x4.mul(d, v128.load(a, 48)));
    g4 = f32x4.add(g4, f32x4.mul(d, v128.load(a, 64)));
    g5 = f32x4.add(g5, f32x4.mul(d, v128.load(a, 80)));
    g6 = f32x4.add(g6, f32x4.mul(d, v128.load(a, 96)));
    g7 = f32x4.add(g7, f32x4.mul(d, v128.load(a, 112)));
  }
  v128.store(row, g0);
  v128.store(row, g1, 16);
  v128.store(row, g2, 32);
  v128.store(row, g3, 48);
  v128.store(row, g4, 64);
  v128.store(row, g5, 80);
  v128.store(row, g6, 96);
  v128.store(row, g7, 112);
}

@inline
function addColumns1(row: usize, entry: usize, end: usize, p: usize): void {
  let g = v128.load(row);
  for (; entry < end; entry += ENTRY) {
    g = f32x4.add(g, f32x4.mul(v128.load32_splat(entry), v128.load(<usize>load<u32>(entry, 4) + p)));
  }
  v128.store(row, g);
}

/** Lists, for each row of layer l, the samples with δ ≠ 0; adds the biases' gradient on the way. */
function listActive(l: i32, n: i32): void {
  const outputs = layerOutputs(l);
  const deltas = deltasOf(l);
  const unit = unitBytes(l);
  const stride = rowBytes(l);
  const a = belowOf(l);
  const biases = biasGradientOf(l);
  const listBytes = <usize>(n + 1) * ENTRY;
  let list = active;
  for (let i = 0; i < outputs; i++, list += listBytes) {
    const at = <usize>i << 2;
    let entry = list + ENTRY;
    let bias = load<f32>(biases + at);
    for (let s = 0; s < n; s++) {
      const delta = load<f32>(deltas + <usize>s * unit + at);
      if (delta == 0) continue;
      store<f32>(entry, delta);
      store<u32>(entry, <u32>(a + <usize>s * stride), 4);
      entry += ENTRY;
      bias += delta;
    }
    store<u32>(list, <u32>entry);
    store<f32>(biases + at, bias);
  }
}

/** G += Σ_s δ_s·a_s over all layers, each weight's sum in the order of the samples. */
export function accumulate(n: i32): void {
  if (n == 1) {
    accumulateOne();
    return;
  }
  for (let l = 0; l < layers; l++) {
    listActive(l, n);
    const outputs = layerOutputs(l);
    const stride = rowBytes(l);
    const gradients = weightGradientOf(l);
    const listBytes = <usize>(n + 1) * ENTRY;
    // Columns outside, rows inside: a column strip of all samples' inputs stays in the first-level cache.
    let p: usize = 0;
    for (; p + 128 <= stride; p += 128) {
      let list = active;
      let row = gradients + p;
      for (let i = 0; i < outputs; i++, list += listBytes, row += stride) {
        addColumns8(row, list + ENTRY, <usize>load<u32>(list), p);
      }
    }
    for (; p < stride; p += 16) {
      let list = active;
      let row = gradients + p;
      for (let i = 0; i < outputs; i++, list += listBytes, row += stride) {
        addColumns1(row, list + ENTRY, <usize>load<u32>(list), p);
      }
    }
  }
}
