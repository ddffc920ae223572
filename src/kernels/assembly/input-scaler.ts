// Scaling of inputs, as ../reference/input-scaler.ts. Where no column is scaled there is a path of its own.

import { inputs, scalerMissing, scalerCentre, scalerSpread, scaleShift, scaleFactor, scaleKind, scaleAll, clipInputs } from './program';
import { SCALE_NONE, SCALE_STANDARD } from '../program-slots';

/** Takes the raw inputs at `row` into the statistics; `labelled` counts the sample too. */
export function updateInputScaler(row: usize, labelled: f64): void {
  if (scaleAll == SCALE_NONE) {
    sumInputs(row);
    return;
  }
  const n = <usize>inputs;
  for (let c: usize = 0; c < n; c++) {
    const x = <f64>load<f32>(row + (c << 2));
    const at = c << 3;
    if (x != x) {
      store<f64>(scalerMissing + at, load<f64>(scalerMissing + at) + 1);
      continue;
    }
    const seen = labelled - load<f64>(scalerMissing + at);
    const kind = <i32>load<u8>(scaleKind + c);
    const centre = load<f64>(scalerCentre + at);
    if (kind == SCALE_STANDARD) {
      const difference = x - centre;
      const mean = centre + difference / seen;
      store<f64>(scalerCentre + at, mean);
      store<f64>(scalerSpread + at, load<f64>(scalerSpread + at) + difference * (x - mean));
    } else if (kind == SCALE_NONE) {
      store<f64>(scalerCentre + at, centre + x);
      continue;
    } else {
      if (seen == 1 || x < centre) store<f64>(scalerCentre + at, x);
      if (seen == 1 || x > load<f64>(scalerSpread + at)) store<f64>(scalerSpread + at, x);
    }
    refreshColumn(c, kind, seen);
  }
}

/** No column is scaled: Σx of each, and a count of what is missing. */
function sumInputs(row: usize): void {
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
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    v128.store(at, f64x2.add(v128.load(at), low));
    v128.store(at, f64x2.add(v128.load(at, 16), high), 16);
  }
  for (; c < n; c++) sumInput(row, c);
}

@inline
function sumInput(row: usize, c: usize): void {
  const x = <f64>load<f32>(row + (c << 2));
  const at = c << 3;
  if (x != x) store<f64>(scalerMissing + at, load<f64>(scalerMissing + at) + 1);
  else store<f64>(scalerCentre + at, load<f64>(scalerCentre + at) + x);
}

/** Shift and factor of a scaled column. */
@inline
function refreshColumn(c: usize, kind: i32, seen: f64): void {
  const at = c << 3;
  const centre = load<f64>(scalerCentre + at);
  const spread = load<f64>(scalerSpread + at);
  const width = kind == SCALE_STANDARD ? (seen > 0 ? sqrt<f64>(spread / seen) : 0) : spread - centre;
  store<f64>(scaleShift + at, centre);
  store<f64>(scaleFactor + at, width > 1e-150 ? 1 / width : 0);
}

/** Derives every scaled column's shift and factor. */
export function refreshInputScaler(labelled: f64): void {
  const n = <usize>inputs;
  for (let c: usize = 0; c < n; c++) {
    const kind = <i32>load<u8>(scaleKind + c);
    if (kind != SCALE_NONE) refreshColumn(c, kind, labelled - load<f64>(scalerMissing + (c << 3)));
  }
}

/** Scales the raw inputs at `row` into `scaled`; `labelled` samples are in the statistics. */
export function scaleInputs(row: usize, scaled: usize, labelled: f64): void {
  const n = <usize>inputs;
  let c: usize = 0;
  if (scaleAll == SCALE_NONE) {
    for (; c + 4 <= n; c += 4) {
      const v = v128.load(row + (c << 2));
      if (!i32x4.all_true(f32x4.eq(v, v))) {
        for (let k: usize = c; k < c + 4; k++) copyInput(row, scaled, k, labelled);
        continue;
      }
      v128.store(scaled + (c << 2), v);
    }
    for (; c < n; c++) copyInput(row, scaled, c, labelled);
    return;
  }
  const clip = clipInputs;
  for (; c < n; c++) {
    if (<i32>load<u8>(scaleKind + c) == SCALE_NONE) {
      copyInput(row, scaled, c, labelled);
      continue;
    }
    const x = <f64>load<f32>(row + (c << 2));
    const z = x != x ? 0 : (x - load<f64>(scaleShift + (c << 3))) * load<f64>(scaleFactor + (c << 3));
    store<f32>(scaled + (c << 2), <f32>(z > clip ? clip : z < -clip ? -clip : z));
  }
}

/** An unscaled column: its value, or the mean of what was seen where it is missing. */
@inline
function copyInput(row: usize, scaled: usize, c: usize, labelled: f64): void {
  const x = load<f32>(row + (c << 2));
  if (x == x) {
    store<f32>(scaled + (c << 2), x);
    return;
  }
  const seen = labelled - load<f64>(scalerMissing + (c << 3));
  store<f32>(scaled + (c << 2), seen > 0 ? <f32>(load<f64>(scalerCentre + (c << 3)) / seen) : 0);
}
