// The running gradient, as ../reference/gradient.ts: deltas of a tile of samples added in the samples' order. What has
// δ = 0 changes nothing and is skipped. Where the batch ends with the tile and the step is plain, it is taken on the way.

import {
  active, belowOf, biasGradientOf, deltasOf, layerOutputs, rowBytes, unitBytes, weightGradientOf,
} from './layers';
import { gradient, layers, parameters } from './program';

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

/** Whether the running gradient holds earlier samples of the batch. */
let carries: bool = false;
/** Whether the batch ends with this tile: its gradient is then stepped on from the registers, and never stored. */
let steps: bool = false;
let stepRate: f32 = 0;

/** Twelve vectors of a gradient row, over the listed samples in order, two in a turn. `never`: see dense-tile.ts. */
@inline
function addColumns12(row: usize, entry: usize, end: usize, p: usize): void {
  const never = end == 0;
  if (never) return;
  let g0 = f32x4.splat(0), g1 = g0, g2 = g0, g3 = g0, g4 = g0, g5 = g0, g6 = g0, g7 = g0, g8 = g0, g9 = g0, g10 = g0, g11 = g0;
  if (carries) {
    g0 = v128.load(row);
    g1 = v128.load(row, 16);
    g2 = v128.load(row, 32);
    g3 = v128.load(row, 48);
    g4 = v128.load(row, 64);
    g5 = v128.load(row, 80);
    g6 = v128.load(row, 96);
    g7 = v128.load(row, 112);
    g8 = v128.load(row, 128);
    g9 = v128.load(row, 144);
    g10 = v128.load(row, 160);
    g11 = v128.load(row, 176);
  }
  let d: v128, a: usize;
  for (; entry + 8 < end; entry += 16) {
    d = v128.load32_splat(entry);
    a = <usize>load<u32>(entry, 4) + p;
    g0 = f32x4.add(g0, f32x4.mul(d, v128.load(a)));
    g1 = f32x4.add(g1, f32x4.mul(d, v128.load(a, 16)));
    g2 = f32x4.add(g2, f32x4.mul(d, v128.load(a, 32)));
    g3 = f32x4.add(g3, f32x4.mul(d, v128.load(a, 48)));
    g4 = f32x4.add(g4, f32x4.mul(d, v128.load(a, 64)));
    g5 = f32x4.add(g5, f32x4.mul(d, v128.load(a, 80)));
    g6 = f32x4.add(g6, f32x4.mul(d, v128.load(a, 96)));
    g7 = f32x4.add(g7, f32x4.mul(d, v128.load(a, 112)));
    g8 = f32x4.add(g8, f32x4.mul(d, v128.load(a, 128)));
    g9 = f32x4.add(g9, f32x4.mul(d, v128.load(a, 144)));
    g10 = f32x4.add(g10, f32x4.mul(d, v128.load(a, 160)));
    g11 = f32x4.add(g11, f32x4.mul(d, v128.load(a, 176)));
    if (never) break;
    d = v128.load32_splat(entry, 8);
    a = <usize>load<u32>(entry, 12) + p;
    g0 = f32x4.add(g0, f32x4.mul(d, v128.load(a)));
    g1 = f32x4.add(g1, f32x4.mul(d, v128.load(a, 16)));
    g2 = f32x4.add(g2, f32x4.mul(d, v128.load(a, 32)));
    g3 = f32x4.add(g3, f32x4.mul(d, v128.load(a, 48)));
    g4 = f32x4.add(g4, f32x4.mul(d, v128.load(a, 64)));
    g5 = f32x4.add(g5, f32x4.mul(d, v128.load(a, 80)));
    g6 = f32x4.add(g6, f32x4.mul(d, v128.load(a, 96)));
    g7 = f32x4.add(g7, f32x4.mul(d, v128.load(a, 112)));
    g8 = f32x4.add(g8, f32x4.mul(d, v128.load(a, 128)));
    g9 = f32x4.add(g9, f32x4.mul(d, v128.load(a, 144)));
    g10 = f32x4.add(g10, f32x4.mul(d, v128.load(a, 160)));
    g11 = f32x4.add(g11, f32x4.mul(d, v128.load(a, 176)));
    if (never) break;
  }
  if (entry < end) {
    d = v128.load32_splat(entry);
    a = <usize>load<u32>(entry, 4) + p;
    g0 = f32x4.add(g0, f32x4.mul(d, v128.load(a)));
    g1 = f32x4.add(g1, f32x4.mul(d, v128.load(a, 16)));
    g2 = f32x4.add(g2, f32x4.mul(d, v128.load(a, 32)));
    g3 = f32x4.add(g3, f32x4.mul(d, v128.load(a, 48)));
    g4 = f32x4.add(g4, f32x4.mul(d, v128.load(a, 64)));
    g5 = f32x4.add(g5, f32x4.mul(d, v128.load(a, 80)));
    g6 = f32x4.add(g6, f32x4.mul(d, v128.load(a, 96)));
    g7 = f32x4.add(g7, f32x4.mul(d, v128.load(a, 112)));
    g8 = f32x4.add(g8, f32x4.mul(d, v128.load(a, 128)));
    g9 = f32x4.add(g9, f32x4.mul(d, v128.load(a, 144)));
    g10 = f32x4.add(g10, f32x4.mul(d, v128.load(a, 160)));
    g11 = f32x4.add(g11, f32x4.mul(d, v128.load(a, 176)));
  }
  if (steps) {
    const w = row - gradient + parameters;
    const rate = f32x4.splat(stepRate);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(rate, g0)));
    v128.store(w, f32x4.sub(v128.load(w, 16), f32x4.mul(rate, g1)), 16);
    v128.store(w, f32x4.sub(v128.load(w, 32), f32x4.mul(rate, g2)), 32);
    v128.store(w, f32x4.sub(v128.load(w, 48), f32x4.mul(rate, g3)), 48);
    v128.store(w, f32x4.sub(v128.load(w, 64), f32x4.mul(rate, g4)), 64);
    v128.store(w, f32x4.sub(v128.load(w, 80), f32x4.mul(rate, g5)), 80);
    v128.store(w, f32x4.sub(v128.load(w, 96), f32x4.mul(rate, g6)), 96);
    v128.store(w, f32x4.sub(v128.load(w, 112), f32x4.mul(rate, g7)), 112);
    v128.store(w, f32x4.sub(v128.load(w, 128), f32x4.mul(rate, g8)), 128);
    v128.store(w, f32x4.sub(v128.load(w, 144), f32x4.mul(rate, g9)), 144);
    v128.store(w, f32x4.sub(v128.load(w, 160), f32x4.mul(rate, g10)), 160);
    v128.store(w, f32x4.sub(v128.load(w, 176), f32x4.mul(rate, g11)), 176);
    if (!carries) return;
    g0 = f32x4.splat(0);
    g1 = f32x4.splat(0);
    g2 = f32x4.splat(0);
    g3 = f32x4.splat(0);
    g4 = f32x4.splat(0);
    g5 = f32x4.splat(0);
    g6 = f32x4.splat(0);
    g7 = f32x4.splat(0);
    g8 = f32x4.splat(0);
    g9 = f32x4.splat(0);
    g10 = f32x4.splat(0);
    g11 = f32x4.splat(0);
  }
  v128.store(row, g0);
  v128.store(row, g1, 16);
  v128.store(row, g2, 32);
  v128.store(row, g3, 48);
  v128.store(row, g4, 64);
  v128.store(row, g5, 80);
  v128.store(row, g6, 96);
  v128.store(row, g7, 112);
  v128.store(row, g8, 128);
  v128.store(row, g9, 144);
  v128.store(row, g10, 160);
  v128.store(row, g11, 176);
}

/** Four vectors of a gradient row, over the listed samples in order. */
@inline
function addColumns4(row: usize, entry: usize, end: usize, p: usize): void {
  let g0 = f32x4.splat(0), g1 = g0, g2 = g0, g3 = g0;
  if (carries) {
    g0 = v128.load(row);
    g1 = v128.load(row, 16);
    g2 = v128.load(row, 32);
    g3 = v128.load(row, 48);
  }
  for (; entry < end; entry += ENTRY) {
    const d = v128.load32_splat(entry);
    const a = <usize>load<u32>(entry, 4) + p;
    g0 = f32x4.add(g0, f32x4.mul(d, v128.load(a)));
    g1 = f32x4.add(g1, f32x4.mul(d, v128.load(a, 16)));
    g2 = f32x4.add(g2, f32x4.mul(d, v128.load(a, 32)));
    g3 = f32x4.add(g3, f32x4.mul(d, v128.load(a, 48)));
  }
  if (steps) {
    const w = row - gradient + parameters;
    const rate = f32x4.splat(stepRate);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(rate, g0)));
    v128.store(w, f32x4.sub(v128.load(w, 16), f32x4.mul(rate, g1)), 16);
    v128.store(w, f32x4.sub(v128.load(w, 32), f32x4.mul(rate, g2)), 32);
    v128.store(w, f32x4.sub(v128.load(w, 48), f32x4.mul(rate, g3)), 48);
    if (!carries) return;
    g0 = f32x4.splat(0);
    g1 = f32x4.splat(0);
    g2 = f32x4.splat(0);
    g3 = f32x4.splat(0);
  }
  v128.store(row, g0);
  v128.store(row, g1, 16);
  v128.store(row, g2, 32);
  v128.store(row, g3, 48);
}

/** One vector of a gradient row, over the listed samples in order. */
@inline
function addColumns1(row: usize, entry: usize, end: usize, p: usize): void {
  let g0 = f32x4.splat(0);
  if (carries) {
    g0 = v128.load(row);
  }
  for (; entry < end; entry += ENTRY) {
    const d = v128.load32_splat(entry);
    const a = <usize>load<u32>(entry, 4) + p;
    g0 = f32x4.add(g0, f32x4.mul(d, v128.load(a)));
  }
  if (steps) {
    const w = row - gradient + parameters;
    const rate = f32x4.splat(stepRate);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(rate, g0)));
    if (!carries) return;
    g0 = f32x4.splat(0);
  }
  v128.store(row, g0);
}

/** Lists, for each row of layer l, the samples with δ ≠ 0; adds the biases' gradient on the way. */
function listActive(l: i32, n: i32): void {
  const outputs = layerOutputs(l);
  const deltas = deltasOf(l);
  const unit = unitBytes(l);
  const stride = rowBytes(l);
  const a = belowOf(l);
  const biases = biasGradientOf(l);
  const listBytes = <usize>(n + 2) * ENTRY;
  let list = active;
  for (let i = 0; i < outputs; i++, list += listBytes) {
    const at = <usize>i << 2;
    let entry = list + ENTRY;
    let bias: f32 = carries ? load<f32>(biases + at) : 0;
    for (let s = 0; s < n; s++) {
      const delta = load<f32>(deltas + <usize>s * unit + at);
      store<f32>(entry, delta);
      store<u32>(entry, <u32>(a + <usize>s * stride), 4);
      // Without a branch: which units are silent is anybody's guess, and a wrong guess costs more than the entry.
      entry += <usize>(delta != 0) * ENTRY;
      bias += delta;
    }
    store<u32>(list, <u32>entry);
    if (!steps) {
      store<f32>(biases + at, bias);
      continue;
    }
    const to = biases - gradient + parameters + at;
    store<f32>(to, load<f32>(to) - stepRate * bias);
    if (carries) store<f32>(biases + at, 0);
  }
}

/** G += Σ_s δ_s·a_s over all layers, each weight's sum in the order of the samples. */
export function accumulate(n: i32): void {
  if (n == 1) {
    accumulateOne();
    return;
  }
  carries = true;
  steps = false;
  accumulateTile(n);
}

/** The same for the last tile of a batch under plain SGD: θ −= rate·G at once, and G = 0; `fresh` where G was 0 before. */
export function accumulateAndDescend(n: i32, rate: f32, fresh: bool): void {
  carries = !fresh;
  steps = true;
  stepRate = rate;
  accumulateTile(n);
}

function accumulateTile(n: i32): void {
  for (let l = 0; l < layers; l++) {
    listActive(l, n);
    const outputs = layerOutputs(l);
    const stride = rowBytes(l);
    const gradients = weightGradientOf(l);
    const listBytes = <usize>(n + 2) * ENTRY;
    // Columns outside, rows inside: a strip of all samples' inputs stays in the first-level cache.
    let p: usize = 0;
    for (; p + 192 <= stride; p += 192) {
      let list = active;
      for (let i = 0, row = gradients + p; i < outputs; i++, list += listBytes, row += stride) {
        addColumns12(row, list + ENTRY, <usize>load<u32>(list), p);
      }
    }
    for (; p + 64 <= stride; p += 64) {
      let list = active;
      for (let i = 0, row = gradients + p; i < outputs; i++, list += listBytes, row += stride) {
        addColumns4(row, list + ENTRY, <usize>load<u32>(list), p);
      }
    }
    for (; p < stride; p += 16) {
      let list = active;
      for (let i = 0, row = gradients + p; i < outputs; i++, list += listBytes, row += stride) {
        addColumns1(row, list + ENTRY, <usize>load<u32>(list), p);
      }
    }
  }
}
