// Scaling of inputs, as ../reference/input-scaler.ts. Columns that are all scaled alike go two at a time.

import { inputs, scalerMissing, scalerCentre, scalerSpread, scaleShift, scaleFactor, scaleKind, scaleAll, clipInputs } from './program';
import { SCALE_MIXED, SCALE_NONE, SCALE_STANDARD } from '../program-slots';
import { copyInput, copyInputs, sumInputs } from './unscaled-inputs';

/** Below this a column has not varied. */
const WIDTH_MIN: f64 = 1e-150;

/** Takes the raw inputs at `row` into the statistics; `labelled` counts the sample too. */
export function updateInputScaler(row: usize, labelled: f64): void {
  if (scaleAll == SCALE_NONE) {
    sumInputs(row);
    return;
  }
  const n = <usize>inputs;
  let c: usize = 0;
  if (scaleAll == SCALE_STANDARD) {
    for (; c + 2 <= n; c += 2) {
      const x = pairOf(row + (c << 2));
      if (i64x2.all_true(f64x2.eq(x, x))) updateStandardPair(x, c << 3, labelled);
      else {
        updateColumn(row, c, labelled);
        updateColumn(row, c + 1, labelled);
      }
    }
  }
  for (; c < n; c++) updateColumn(row, c, labelled);
}

/** Two float32 as float64. */
@inline
function pairOf(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Two columns scaled standard, at byte `at` of the statistics. */
@inline
function updateStandardPair(x: v128, at: usize, labelled: f64): void {
  const seen = f64x2.sub(f64x2.splat(labelled), v128.load(scalerMissing + at));
  const centre = v128.load(scalerCentre + at);
  const difference = f64x2.sub(x, centre);
  const mean = f64x2.add(centre, f64x2.div(difference, seen));
  const spread = f64x2.add(v128.load(scalerSpread + at), f64x2.mul(difference, f64x2.sub(x, mean)));
  const width = f64x2.sqrt(f64x2.div(spread, seen));
  v128.store(scalerCentre + at, mean);
  v128.store(scalerSpread + at, spread);
  v128.store(scaleShift + at, mean);
  const varies = f64x2.gt(width, f64x2.splat(WIDTH_MIN));
  v128.store(scaleFactor + at, v128.and(varies, f64x2.div(f64x2.splat(1), width)));
}

function updateColumn(row: usize, c: usize, labelled: f64): void {
  const x = <f64>load<f32>(row + (c << 2));
  const at = c << 3;
  if (x != x) {
    store<f64>(scalerMissing + at, load<f64>(scalerMissing + at) + 1);
    return;
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
    return;
  } else {
    if (seen == 1 || x < centre) store<f64>(scalerCentre + at, x);
    if (seen == 1 || x > load<f64>(scalerSpread + at)) store<f64>(scalerSpread + at, x);
  }
  refreshColumn(c, kind, seen);
}

/** Shift and factor of a scaled column. */
@inline
function refreshColumn(c: usize, kind: i32, seen: f64): void {
  const at = c << 3;
  const centre = load<f64>(scalerCentre + at);
  const spread = load<f64>(scalerSpread + at);
  const width = kind == SCALE_STANDARD ? (seen > 0 ? sqrt<f64>(spread / seen) : 0) : spread - centre;
  store<f64>(scaleShift + at, centre);
  store<f64>(scaleFactor + at, width > WIDTH_MIN ? 1 / width : 0);
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
    copyInputs(row, scaled, labelled);
    return;
  }
  const clip = clipInputs;
  if (scaleAll != SCALE_MIXED) {
    const above = f64x2.splat(clip);
    const below = f64x2.splat(-clip);
    for (; c + 2 <= n; c += 2) {
      const x = pairOf(row + (c << 2));
      if (!i64x2.all_true(f64x2.eq(x, x))) {
        scaleInput(row, scaled, c, clip);
        scaleInput(row, scaled, c + 1, clip);
        continue;
      }
      const at = c << 3;
      const z = f64x2.mul(f64x2.sub(x, v128.load(scaleShift + at)), v128.load(scaleFactor + at));
      const clipped = f64x2.pmax(f64x2.pmin(z, above), below);
      v128.store64_lane(scaled + (c << 2), f32x4.demote_f64x2_zero(clipped), 0);
    }
  }
  for (; c < n; c++) {
    if (<i32>load<u8>(scaleKind + c) == SCALE_NONE) copyInput(row, scaled, c, labelled);
    else scaleInput(row, scaled, c, clip);
  }
}

/** A scaled column: 0 where it is missing. */
@inline
function scaleInput(row: usize, scaled: usize, c: usize, clip: f64): void {
  const x = <f64>load<f32>(row + (c << 2));
  const z = x != x ? 0 : (x - load<f64>(scaleShift + (c << 3))) * load<f64>(scaleFactor + (c << 3));
  store<f32>(scaled + (c << 2), <f32>(z > clip ? clip : z < -clip ? -clip : z));
}
