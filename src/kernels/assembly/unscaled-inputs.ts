// Columns that are not scaled, as in ../reference/input-scaler.ts: Σx of each, a count of what is missing, and the mean in
// its place. For a tile of samples the sums stay in registers.

import { inputs, scalerCentre, scalerMissing } from './program';

/** Takes the inputs at `row` into the sums. */
export function sumInputs(row: usize): void {
  const n = <usize>inputs;
  let c: usize = 0;
  for (; c + 4 <= n; c += 4) {
    const v = v128.load(row + (c << 2));
    if (!i32x4.all_true(f32x4.eq(v, v))) {
      for (let k: usize = c; k < c + 4; k++) sumInput(row, k);
      continue;
    }
    const at = scalerCentre + (c << 3);
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(upper(v));
    v128.store(at, f64x2.add(v128.load(at), low));
    v128.store(at, f64x2.add(v128.load(at, 16), high), 16);
  }
  for (; c < n; c++) sumInput(row, c);
}

@inline
export function sumInput(row: usize, c: usize): void {
  const x = <f64>load<f32>(row + (c << 2));
  const at = c << 3;
  if (x != x) store<f64>(scalerMissing + at, load<f64>(scalerMissing + at) + 1);
  else store<f64>(scalerCentre + at, load<f64>(scalerCentre + at) + x);
}

/** Copies the inputs at `row`; what is missing becomes its column's mean. */
export function copyInputs(row: usize, scaled: usize, labelled: f64): void {
  const n = <usize>inputs;
  let c: usize = 0;
  for (; c + 4 <= n; c += 4) {
    const v = v128.load(row + (c << 2));
    if (!i32x4.all_true(f32x4.eq(v, v))) {
      for (let k: usize = c; k < c + 4; k++) copyInput(row, scaled, k, labelled);
      continue;
    }
    v128.store(scaled + (c << 2), v);
  }
  for (; c < n; c++) copyInput(row, scaled, c, labelled);
}

/** An unscaled column: its value, or the mean of what was seen where it is missing. */
@inline
export function copyInput(row: usize, scaled: usize, c: usize, labelled: f64): void {
  const x = load<f32>(row + (c << 2));
  if (x == x) {
    store<f32>(scaled + (c << 2), x);
    return;
  }
  const seen = labelled - load<f64>(scalerMissing + (c << 3));
  store<f32>(scaled + (c << 2), seen > 0 ? <f32>(load<f64>(scalerCentre + (c << 3)) / seen) : 0);
}

/**
 * updateInputScaler and scaleInputs for a tile of n samples where no column is scaled: raw rows at `row`, `labelled` flags,
 * scaled rows of `stride` bytes. Sixteen columns, one cache line, at a time over all samples: their sums stay in registers.
 */
export function takeUnscaledTile(row: usize, flags: usize, n: i32, scaled: usize, stride: usize, labelled: f64): void {
  const rowStride = <usize>inputs << 2;
  const last = flags + <usize>n;
  let c: usize = 0;
  for (; c + 16 <= <usize>inputs; c += 16) {
    const at = scalerCentre + (c << 3);
    let s0 = v128.load(at), s1 = v128.load(at, 16), s2 = v128.load(at, 32), s3 = v128.load(at, 48);
    let s4 = v128.load(at, 64), s5 = v128.load(at, 80), s6 = v128.load(at, 96), s7 = v128.load(at, 112);
    let whole = i32x4.splat(-1);
    let from = row + (c << 2);
    let to = scaled + (c << 2);
    for (let flag = flags; flag < last; flag++, from += rowStride, to += stride) {
      const counts = load<u8>(flag) == 1;
      let v = v128.load(from);
      whole = v128.and(whole, f32x4.eq(v, v));
      v128.store(to, v);
      if (counts) {
        s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v));
        s1 = f64x2.add(s1, f64x2.promote_low_f32x4(upper(v)));
      }
      v = v128.load(from, 16);
      whole = v128.and(whole, f32x4.eq(v, v));
      v128.store(to, v, 16);
      if (counts) {
        s2 = f64x2.add(s2, f64x2.promote_low_f32x4(v));
        s3 = f64x2.add(s3, f64x2.promote_low_f32x4(upper(v)));
      }
      v = v128.load(from, 32);
      whole = v128.and(whole, f32x4.eq(v, v));
      v128.store(to, v, 32);
      if (counts) {
        s4 = f64x2.add(s4, f64x2.promote_low_f32x4(v));
        s5 = f64x2.add(s5, f64x2.promote_low_f32x4(upper(v)));
      }
      v = v128.load(from, 48);
      whole = v128.and(whole, f32x4.eq(v, v));
      v128.store(to, v, 48);
      if (counts) {
        s6 = f64x2.add(s6, f64x2.promote_low_f32x4(v));
        s7 = f64x2.add(s7, f64x2.promote_low_f32x4(upper(v)));
      }
    }
    if (!i32x4.all_true(whole)) {
      for (let k = c; k < c + 16; k++) takeUnscaledColumn(row, flags, n, scaled, stride, labelled, k);
      continue;
    }
    v128.store(at, s0);
    v128.store(at, s1, 16);
    v128.store(at, s2, 32);
    v128.store(at, s3, 48);
    v128.store(at, s4, 64);
    v128.store(at, s5, 80);
    v128.store(at, s6, 96);
    v128.store(at, s7, 112);
  }
  for (; c < <usize>inputs; c++) takeUnscaledColumn(row, flags, n, scaled, stride, labelled, c);
}

/** One column of the same, sample by sample. */
function takeUnscaledColumn(
  row: usize, flags: usize, n: i32, scaled: usize, stride: usize, labelled: f64, c: usize,
): void {
  for (let s = 0; s < n; s++, row += <usize>inputs << 2, scaled += stride) {
    if (load<u8>(flags + <usize>s) == 1) {
      labelled += 1;
      sumInput(row, c);
    }
    copyInput(row, scaled, c, labelled);
  }
}

/** The upper two lanes, as the lower two. */
@inline
function upper(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}
