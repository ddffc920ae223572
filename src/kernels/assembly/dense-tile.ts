// dense.ts for a tile of samples, with the same sums: weights pass the cache once for all of them.

import { dot1, finite, finite1, madd, reduce4 } from './dense';

/**
 * Four rows for two samples at a time. The order of the lines is meant to be that of the instructions: two products, then the
 * two sums they go into, so that multipliers and adders are equally busy. `never` keeps it so: what is still asked for after a
 * way out of the loop is computed before that way out. Otherwise the compiler moves products and sums to where they are next
 * used, and the registers do not suffice. All ways out but the first are gone from the machine's code.
 */
@inline
function fourByTwo(w: usize, stride: usize, a: usize, b: usize, bias: v128, za: usize, zb: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  let w0 = w, w1 = w + stride, w2 = w1 + stride, w3 = w2 + stride;
  let v: v128, xa: v128, xb: v128, ta: v128, tb = a0;
  const end = a + stride;
  const never = stride == 0;
  for (; a + 64 <= end; a += 64, b += 64) {
    xa = v128.load(a);
    xb = v128.load(b);
    v = v128.load(w0);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a0 = f32x4.add(a0, ta);
    b0 = f32x4.add(b0, tb);
    v = v128.load(w1);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a1 = f32x4.add(a1, ta);
    b1 = f32x4.add(b1, tb);
    v = v128.load(w2);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a2 = f32x4.add(a2, ta);
    b2 = f32x4.add(b2, tb);
    v = v128.load(w3);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a3 = f32x4.add(a3, ta);
    b3 = f32x4.add(b3, tb);
    xa = v128.load(a, 16);
    xb = v128.load(b, 16);
    v = v128.load(w0, 16);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a0 = f32x4.add(a0, ta);
    b0 = f32x4.add(b0, tb);
    v = v128.load(w1, 16);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a1 = f32x4.add(a1, ta);
    b1 = f32x4.add(b1, tb);
    v = v128.load(w2, 16);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a2 = f32x4.add(a2, ta);
    b2 = f32x4.add(b2, tb);
    v = v128.load(w3, 16);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a3 = f32x4.add(a3, ta);
    b3 = f32x4.add(b3, tb);
    xa = v128.load(a, 32);
    xb = v128.load(b, 32);
    v = v128.load(w0, 32);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a0 = f32x4.add(a0, ta);
    b0 = f32x4.add(b0, tb);
    v = v128.load(w1, 32);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a1 = f32x4.add(a1, ta);
    b1 = f32x4.add(b1, tb);
    v = v128.load(w2, 32);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a2 = f32x4.add(a2, ta);
    b2 = f32x4.add(b2, tb);
    v = v128.load(w3, 32);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a3 = f32x4.add(a3, ta);
    b3 = f32x4.add(b3, tb);
    xa = v128.load(a, 48);
    xb = v128.load(b, 48);
    v = v128.load(w0, 48);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a0 = f32x4.add(a0, ta);
    b0 = f32x4.add(b0, tb);
    v = v128.load(w1, 48);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a1 = f32x4.add(a1, ta);
    b1 = f32x4.add(b1, tb);
    v = v128.load(w2, 48);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a2 = f32x4.add(a2, ta);
    b2 = f32x4.add(b2, tb);
    v = v128.load(w3, 48);
    ta = f32x4.mul(v, xa);
    tb = f32x4.mul(v, xb);
    if (never) break;
    a3 = f32x4.add(a3, ta);
    b3 = f32x4.add(b3, tb);
    w0 += 64; w1 += 64; w2 += 64; w3 += 64;
  }
  if (never) v128.store(zb, tb);
  for (; a < end; a += 16, b += 16) {
    xa = v128.load(a);
    xb = v128.load(b);
    v = v128.load(w0);
    a0 = madd(a0, v, xa);
    b0 = madd(b0, v, xb);
    v = v128.load(w1);
    a1 = madd(a1, v, xa);
    b1 = madd(b1, v, xb);
    v = v128.load(w2);
    a2 = madd(a2, v, xa);
    b2 = madd(b2, v, xb);
    v = v128.load(w3);
    a3 = madd(a3, v, xa);
    b3 = madd(b3, v, xb);
    w0 += 16; w1 += 16; w2 += 16; w3 += 16;
  }
  v128.store(za, finite(f32x4.add(reduce4(a0, a1, a2, a3), bias)));
  v128.store(zb, finite(f32x4.add(reduce4(b0, b1, b2, b3), bias)));
}

/** The sums of one row for four samples. */
@inline
function oneByFour(w: usize, stride: usize, a: usize): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const end = a + stride;
  let b = end, c = b + stride, d = c + stride;
  for (; a < end; a += 16, b += 16, c += 16, d += 16, w += 16) {
    const v = v128.load(w);
    s0 = madd(s0, v, v128.load(a));
    s1 = madd(s1, v, v128.load(b));
    s2 = madd(s2, v, v128.load(c));
    s3 = madd(s3, v, v128.load(d));
  }
  return reduce4(s0, s1, s2, s3);
}

/** Logits of `n` samples; rows of `a` are `stride` bytes apart, rows of `z` `unitBytes`. Weights pass the cache once. */
export function denseTile(
  weights: usize, biases: usize, stride: usize, outputs: i32, a: usize, z: usize, unitBytes: usize, n: i32,
): void {
  let i = 0;
  let w = weights;
  for (; i + 4 <= outputs; i += 4, w += stride << 2) {
    const at = <usize>i << 2;
    const bias = v128.load(biases + at);
    let s = 0;
    let x = a;
    let y = z + at;
    for (; s + 2 <= n; s += 2, x += stride << 1, y += unitBytes << 1) {
      fourByTwo(w, stride, x, x + stride, bias, y, y + unitBytes);
    }
    if (s < n) fourByTwo(w, stride, x, x, bias, y, y);
  }
  for (; i < outputs; i++, w += stride) {
    const at = <usize>i << 2;
    const bias = load<f32>(biases + at);
    let s = 0;
    let x = a;
    let y = z + at;
    for (; s + 4 <= n; s += 4, x += stride << 2, y += unitBytes << 2) {
      const sums = oneByFour(w, stride, x);
      const logits = finite(f32x4.add(sums, f32x4.splat(bias)));
      v128.store32_lane(y, logits, 0);
      v128.store32_lane(y + unitBytes, logits, 1);
      v128.store32_lane(y + 2 * unitBytes, logits, 2);
      v128.store32_lane(y + 3 * unitBytes, logits, 3);
    }
    for (; s < n; s++, x += stride, y += unitBytes) store<f32>(y, finite1(dot1(w, x, x + stride) + bias));
  }
}
