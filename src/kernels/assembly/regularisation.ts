// L1, clipping, L2 and decoupled decay, as ../reference/regularisation.ts, over runs of the parameters.

import { APPLY_TO_ALL, LAYER_BIASES, LAYER_WEIGHTS } from '../program-slots';
import { gradient, layers, layerSetting, parameterCount, parameters, setting } from './program';

/** Runs that penalties act on: one over all, or the weights of each layer. */
@inline
function runs(): i32 {
  return setting(APPLY_TO_ALL) != 0 ? 1 : layers;
}
@inline
function runFrom(r: i32): usize {
  return setting(APPLY_TO_ALL) != 0 ? 0 : <usize>layerSetting(r, LAYER_WEIGHTS) << 2;
}
@inline
function runTo(r: i32): usize {
  return (setting(APPLY_TO_ALL) != 0 ? <usize>parameterCount : <usize>layerSetting(r, LAYER_BIASES)) << 2;
}

/** g += l1·sign(θ). */
export function addL1(l1: f32): void {
  const plus = f32x4.splat(l1);
  const minus = f32x4.splat(-l1);
  const zero = f32x4.splat(0);
  for (let r = 0; r < runs(); r++) {
    const to = runTo(r);
    for (let p = runFrom(r); p < to; p += 16) {
      const w = v128.load(parameters + p);
      const sign = v128.or(v128.and(f32x4.gt(w, zero), plus), v128.and(f32x4.lt(w, zero), minus));
      v128.store(gradient + p, f32x4.add(v128.load(gradient + p), sign));
    }
  }
}

/** g *= min(1, clipNorm/(‖g‖ + 1e-6)); squares summed in float64, four lanes. */
export function clipGradient(clipNorm: f64): void {
  const bytes = <usize>parameterCount << 2;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let p: usize = 0; p < bytes; p += 16) {
    const g = v128.load(gradient + p);
    const a = f64x2.promote_low_f32x4(g);
    const b = f64x2.promote_low_f32x4(i8x16.shuffle(g, g, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1)
    + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
  const scale = clipNorm / (sqrt<f64>(sum) + 1e-6);
  if (scale >= 1) return;
  const factor = f32x4.splat(<f32>scale);
  for (let p: usize = 0; p < bytes; p += 16) {
    v128.store(gradient + p, f32x4.mul(v128.load(gradient + p), factor));
  }
}

/** g += l2·θ. */
export function addL2(l2: f32): void {
  const factor = f32x4.splat(l2);
  for (let r = 0; r < runs(); r++) {
    const to = runTo(r);
    for (let p = runFrom(r); p < to; p += 16) {
      const pull = f32x4.mul(factor, v128.load(parameters + p));
      v128.store(gradient + p, f32x4.add(v128.load(gradient + p), pull));
    }
  }
}

/** θ *= factor. */
export function decayWeights(factor: f32): void {
  const f = f32x4.splat(factor);
  for (let r = 0; r < runs(); r++) {
    const to = runTo(r);
    for (let p = runFrom(r); p < to; p += 16) v128.store(parameters + p, f32x4.mul(v128.load(parameters + p), f));
  }
}
