// One sample through a network of one hidden relu layer and one output, the smallest and commonest: forward.ts and
// backward.ts in one pass each, with the same operations in the same order. What a pass needs stays in registers.

import { ACTIVATION_RELU } from '../program-slots';
import { gate } from './backward';
import { largestLane, magnitude } from './bounds';
import { finite, finite1, madd, reduce4, sumOfLanes } from './dense';
import { forward, relu } from './forward';
import {
  activationOf, activationsOf, biasesOf, deltasOf, layerOutputs, logitsOf, rowBytes, scaledRows, weightsOf,
} from './layers';
import { drops, layers, outputs } from './program';

/** Whether the network is of this kind: inputs of at most four vectors, hidden units in whole vectors. */
let shallow: bool = false;

/** Looks at the layers. */
export function findShallow(): void {
  shallow = layers == 2 && outputs == 1 && !drops && activationOf(0) == ACTIVATION_RELU && rowBytes(0) <= 64
    && (layerOutputs(0) & 3) == 0;
}

/** Whether a tile of n samples can go the short way. */
@inline
export function isShort(n: i32): bool {
  return shallow && n == 1;
}

/** The lanes' sums of one row; not starting from 0 changes no more than the sign of a 0, which relu takes away. */
@inline
function row(w: usize, vectors: i32, a0: v128, a1: v128, a2: v128, a3: v128): v128 {
  let s = f32x4.mul(v128.load(w), a0);
  if (vectors > 1) s = madd(s, v128.load(w, 16), a1);
  if (vectors > 2) s = madd(s, v128.load(w, 32), a2);
  if (vectors > 3) s = madd(s, v128.load(w, 48), a3);
  return s;
}

/** Both layers, for inputs of a number of vectors that is known where this is inlined. */
@inline
function forwardOf(vectors: i32): void {
  const a0 = v128.load(scaledRows);
  const a1 = vectors > 1 ? v128.load(scaledRows, 16) : a0;
  const a2 = vectors > 2 ? v128.load(scaledRows, 32) : a0;
  const a3 = vectors > 3 ? v128.load(scaledRows, 48) : a0;
  const bytes = <usize>vectors << 4;
  const size = <usize>layerOutputs(0) << 2;
  const biases = biasesOf(0), logits = logitsOf(0), activations = activationsOf(0), above = weightsOf(1);
  let w = weightsOf(0);
  let sum = f32x4.splat(0);
  for (let p: usize = 0; p < size; p += 16, w += bytes << 2) {
    const s0 = row(w, vectors, a0, a1, a2, a3);
    const s1 = row(w + bytes, vectors, a0, a1, a2, a3);
    const s2 = row(w + 2 * bytes, vectors, a0, a1, a2, a3);
    const s3 = row(w + 3 * bytes, vectors, a0, a1, a2, a3);
    const z = finite(f32x4.add(reduce4(s0, s1, s2, s3), v128.load(biases + p)));
    const a = relu(z);
    v128.store(logits + p, z);
    v128.store(activations + p, a);
    sum = madd(sum, v128.load(above + p), a);
  }
  store<f32>(logitsOf(1), finite1(sumOfLanes(sum) + load<f32>(biasesOf(1))));
}

function forward1(): void { forwardOf(1); }
function forward2(): void { forwardOf(2); }
function forward3(): void { forwardOf(3); }
function forward4(): void { forwardOf(4); }

/** forward(n), the short way where that is possible. */
export function forwardTile(n: i32): void {
  if (!isShort(n)) {
    forward(n);
    return;
  }
  const bytes = rowBytes(0);
  if (bytes == 16) forward1();
  else if (bytes == 32) forward2();
  else if (bytes == 48) forward3();
  else forward4();
}

/** backward(1) and then sampleGradientBound(0). */
export function backwardShallow(): f64 {
  const delta = v128.load32_splat(deltasOf(1));
  const size = <usize>layerOutputs(0) << 2;
  const above = weightsOf(1), logits = logitsOf(0), activations = activationsOf(0), deltas = deltasOf(0);
  const zero = f32x4.splat(0);
  let largestDelta = v128.and(delta, i32x4.splat(0x7fffffff));
  let largestInput = magnitude(scaledRows);
  for (let p: usize = 16; p < rowBytes(0); p += 16) largestInput = i32x4.max_s(largestInput, magnitude(scaledRows + p));
  for (let p: usize = 0; p < size; p += 16) {
    const d = gate(f32x4.add(zero, f32x4.mul(v128.load(above + p), delta)), v128.load(logits + p));
    v128.store(deltas + p, d);
    largestDelta = i32x4.max_s(largestDelta, v128.and(d, i32x4.splat(0x7fffffff)));
    largestInput = i32x4.max_s(largestInput, magnitude(activations + p));
  }
  const activation = largestLane(largestInput);
  return largestLane(largestDelta) * (activation < 1 ? 1 : activation);
}
