// Upper bounds on what is stored, as ../reference/bounds.ts.

import {
  EPSILON, L1, L2, BETA1, MOMENTUM, OPTIMIZER, OPTIMIZER_ADAGRAD, OPTIMIZER_MOMENTUM, OPTIMIZER_NESTEROV,
  OPTIMIZER_RMSPROP, OPTIMIZER_SGD, FIRST_MOMENT, SECOND_MOMENT, WEIGHT_DECAY,
} from '../program-slots';
import { belowOf, deltasOf, rowBytes, unitBytes } from './layers';
import { direct, gradient, layers, moment1, moment2, parameterCount, parameters, setting } from './program';

/** Above this a sample's gradient is taken for divergence. */
export const GRADIENT_MAX: f64 = 1e30;
const BOUND_MAX: f64 = 1e36;

let parameterBound: f64 = 0;
let moment1Bound: f64 = 0;
let moment2Bound: f64 = 0;
export let gradientBound: f64 = 0;

/** |x| of four floats, as integers. */
@inline
export function magnitude(at: usize): v128 {
  return v128.and(v128.load(at), i32x4.splat(0x7fffffff));
}

/** By lane, the larger of `top` and all |x| of a padded run of floats, as integers: so compared, NaN is above Infinity. */
@inline
function larger(top: v128, from: usize, bytes: usize): v128 {
  const end = from + bytes;
  for (; from < end; from += 16) {
    top = i32x4.max_s(top, magnitude(from));
  }
  return top;
}

/** The largest lane as the float that it is. */
@inline
export function largestLane(top: v128): f64 {
  top = i32x4.max_s(top, i8x16.shuffle(top, top, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  top = i32x4.max_s(top, i8x16.shuffle(top, top, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  return <f64>reinterpret<f32>(i32x4.extract_lane(top, 0));
}

/** Largest |x| of a padded run of floats; NaN if any is. */
@inline
function largestOf(from: usize, bytes: usize): f64 {
  return largestLane(larger(i32x4.splat(0), from, bytes));
}

/** More than the largest |∂E/∂θ| that sample s can have: its largest δ times its largest activation; NaN if anything is. */
export function sampleGradientBound(s: i32): f64 {
  let deltas = i32x4.splat(0);
  let below = i32x4.splat(0);
  for (let l = 0; l < layers; l++) {
    below = larger(below, belowOf(l) + <usize>s * rowBytes(l), rowBytes(l));
    deltas = larger(deltas, deltasOf(l) + <usize>s * unitBytes(l), unitBytes(l));
  }
  const activation = largestLane(below);
  return largestLane(deltas) * (activation < 1 ? 1 : activation);
}

export function addGradientBound(bound: f64): void {
  gradientBound += bound;
}

export function clearGradientBound(): void {
  gradientBound = 0;
}

/** Looks at the state itself; returns whether all of it is finite. */
export function refreshBounds(): bool {
  const bytes = <usize>parameterCount << 2;
  parameterBound = largestOf(parameters, bytes);
  moment1Bound = setting(FIRST_MOMENT) != 0 ? largestOf(moment1, bytes) : 0;
  moment2Bound = setting(SECOND_MOMENT) != 0 ? largestOf(moment2, bytes) : 0;
  gradientBound = direct ? 0 : largestOf(gradient, bytes);
  return parameterBound < Infinity && moment1Bound < Infinity && moment2Bound < Infinity;
}

/** Bounds after a step whose gradient, before penalties, is at most `size`. */
function advance(rate: f64, size: f64): bool {
  if (direct) {
    parameterBound += <f64><f32>rate * size;
    return parameterBound < BOUND_MAX;
  }
  const optimizer = <i32>setting(OPTIMIZER);
  const g = size + setting(L1) + setting(L2) * parameterBound;
  let change = g;
  if (optimizer == OPTIMIZER_MOMENTUM || optimizer == OPTIMIZER_NESTEROV) {
    moment1Bound = setting(MOMENTUM) * moment1Bound + g;
    change = g + moment1Bound;
  } else if (optimizer == OPTIMIZER_ADAGRAD || optimizer == OPTIMIZER_RMSPROP) {
    moment2Bound += g * g;
    change = g / <f64><f32>setting(EPSILON);
  } else if (optimizer != OPTIMIZER_SGD) {
    moment1Bound = setting(BETA1) * moment1Bound + g;
    moment2Bound += g * g;
    change = moment1Bound / (1 - setting(BETA1)) / <f64><f32>setting(EPSILON);
  }
  const decay = max<f64>(1, abs<f64>(<f64><f32>(1 - rate * setting(WEIGHT_DECAY))));
  parameterBound = parameterBound * decay + <f64><f32>rate * change;
  return parameterBound < BOUND_MAX && moment1Bound < BOUND_MAX && moment2Bound < BOUND_MAX;
}

/** Whether a step surely leaves everything finite; the bounds are advanced over it either way. */
export function isSafeStep(rate: f64, size: f64): bool {
  if (advance(rate, size)) return true;
  refreshBounds();
  return advance(rate, size);
}
