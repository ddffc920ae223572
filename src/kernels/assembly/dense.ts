// z = W·a + b of one layer for one sample (dense-tile.ts: for several), in the reference's order of summation: four lanes, each in
// order, then ((lane0 + lane1) + (lane2 + lane3)) + bias. Rows, and samples of a tile, go side by side as independent
// chains of additions; no sum is reordered.

const LARGEST: f32 = 3.4028234663852886e38;

/** [a0+a1, a2+a3, b0+b1, b2+b3]. */
@inline
function pairs(a: v128, b: v128): v128 {
  return f32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),
    i8x16.shuffle(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31),
  );
}

/** The sums of four rows' lanes. */
@inline
export function reduce4(a: v128, b: v128, c: v128, d: v128): v128 {
  return pairs(pairs(a, b), pairs(c, d));
}

/** The value nearest to each lane that is not infinite; NaN stays. */
@inline
export function finite(z: v128): v128 {
  return f32x4.pmax(f32x4.pmin(z, f32x4.splat(LARGEST)), f32x4.splat(-LARGEST));
}

@inline
export function madd(sum: v128, w: v128, a: v128): v128 {
  return f32x4.add(sum, f32x4.mul(w, a));
}

/** One row and one sample. */
@inline
export function dot1(w: usize, a: usize, end: usize): f32 {
  let s = f32x4.splat(0);
  for (; a < end; a += 16, w += 16) s = madd(s, v128.load(w), v128.load(a));
  return sumOfLanes(s);
}

@inline
export function sumOfLanes(s: v128): f32 {
  const low = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
  const high = f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
  return low + high;
}

@inline
export function finite1(z: f32): f32 {
  return z > LARGEST ? LARGEST : z < -LARGEST ? -LARGEST : z;
}

/** Logits of one sample: rows in eights, fours and ones. */
export function denseOne(weights: usize, biases: usize, stride: usize, outputs: i32, a: usize, z: usize): void {
  const end = a + stride;
  let i = 0;
  let w = weights;
  for (; i + 8 <= outputs; i += 8, w += stride << 3) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    let w0 = w, w1 = w + stride, w2 = w1 + stride, w3 = w2 + stride;
    let w4 = w3 + stride, w5 = w4 + stride, w6 = w5 + stride, w7 = w6 + stride;
    for (let p = a; p < end; p += 16) {
      const x = v128.load(p);
      s0 = madd(s0, v128.load(w0), x);
      s1 = madd(s1, v128.load(w1), x);
      s2 = madd(s2, v128.load(w2), x);
      s3 = madd(s3, v128.load(w3), x);
      s4 = madd(s4, v128.load(w4), x);
      s5 = madd(s5, v128.load(w5), x);
      s6 = madd(s6, v128.load(w6), x);
      s7 = madd(s7, v128.load(w7), x);
      w0 += 16; w1 += 16; w2 += 16; w3 += 16; w4 += 16; w5 += 16; w6 += 16; w7 += 16;
    }
    const at = <usize>i << 2;
    v128.store(z + at, finite(f32x4.add(reduce4(s0, s1, s2, s3), v128.load(biases + at))));
    v128.store(z + at, finite(f32x4.add(reduce4(s4, s5, s6, s7), v128.load(biases + at, 16))), 16);
  }
  for (; i + 4 <= outputs; i += 4, w += stride << 2) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let w0 = w, w1 = w + stride, w2 = w1 + stride, w3 = w2 + stride;
    for (let p = a; p < end; p += 16) {
      const x = v128.load(p);
      s0 = madd(s0, v128.load(w0), x);
      s1 = madd(s1, v128.load(w1), x);
      s2 = madd(s2, v128.load(w2), x);
      s3 = madd(s3, v128.load(w3), x);
      w0 += 16; w1 += 16; w2 += 16; w3 += 16;
    }
    const at = <usize>i << 2;
    v128.store(z + at, finite(f32x4.add(reduce4(s0, s1, s2, s3), v128.load(biases + at))));
  }
  for (; i < outputs; i++, w += stride) {
    const at = <usize>i << 2;
    store<f32>(z + at, finite1(dot1(w, a, end) + load<f32>(biases + at)));
  }
}
