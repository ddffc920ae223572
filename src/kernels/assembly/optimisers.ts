// The optimisers, as ../reference/optimisers/, four parameters at a time; each also zeroes the running gradient.

import {
  ALPHA, BETA1, BETA2, EPSILON, MOMENTUM, OPTIMIZER, OPTIMIZER_ADAGRAD, OPTIMIZER_MOMENTUM, OPTIMIZER_NESTEROV,
  OPTIMIZER_RMSPROP, OPTIMIZER_SGD,
} from '../program-slots';
import { BETA1_POWER, BETA2_POWER, count, gradient, moment1, moment2, parameterCount, parameters, setting } from './program';

/** The smallest normal number, in memory: an engine would make a constant vector anew in every turn of a loop. */
const SMALLEST: usize = memory.data<f32>([1.1754943508222875e-38]);

/** Lanes below `smallest` become 0: subnormal arithmetic is slow. */
@inline
function flush(x: v128, smallest: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), smallest));
}

@inline
function splat(value: f64): v128 {
  return f32x4.splat(<f32>value);
}

@inline
function descend(p: usize, rate: v128, direction: v128): void {
  v128.store(parameters + p, f32x4.sub(v128.load(parameters + p), f32x4.mul(rate, direction)));
  v128.store(gradient + p, f32x4.splat(0));
}

function sgd(bytes: usize, rate: v128): void {
  for (let p: usize = 0; p < bytes; p += 16) descend(p, rate, v128.load(gradient + p));
}

function momentum(bytes: usize, rate: v128, mu: v128): void {
  const smallest = v128.load32_splat(SMALLEST);
  for (let p: usize = 0; p < bytes; p += 16) {
    const m = flush(f32x4.add(f32x4.mul(mu, v128.load(moment1 + p)), v128.load(gradient + p)), smallest);
    v128.store(moment1 + p, m);
    descend(p, rate, m);
  }
}

function nesterov(bytes: usize, rate: v128, mu: v128): void {
  const smallest = v128.load32_splat(SMALLEST);
  for (let p: usize = 0; p < bytes; p += 16) {
    const g = v128.load(gradient + p);
    const m = flush(f32x4.add(f32x4.mul(mu, v128.load(moment1 + p)), g), smallest);
    v128.store(moment1 + p, m);
    descend(p, rate, f32x4.add(g, f32x4.mul(mu, m)));
  }
}

function adagrad(bytes: usize, rate: v128, epsilon: v128): void {
  const smallest = v128.load32_splat(SMALLEST);
  for (let p: usize = 0; p < bytes; p += 16) {
    const g = v128.load(gradient + p);
    const v = flush(f32x4.add(v128.load(moment2 + p), f32x4.mul(g, g)), smallest);
    v128.store(moment2 + p, v);
    descend(p, rate, f32x4.div(g, f32x4.add(f32x4.sqrt(v), epsilon)));
  }
}

function rmsprop(bytes: usize, rate: v128, alpha: v128, rest: v128, epsilon: v128): void {
  const smallest = v128.load32_splat(SMALLEST);
  for (let p: usize = 0; p < bytes; p += 16) {
    const g = v128.load(gradient + p);
    const v = flush(f32x4.add(f32x4.mul(alpha, v128.load(moment2 + p)), f32x4.mul(f32x4.mul(rest, g), g)), smallest);
    v128.store(moment2 + p, v);
    descend(p, rate, f32x4.div(g, f32x4.add(f32x4.sqrt(v), epsilon)));
  }
}

function adam(bytes: usize, rate: f64): void {
  const b1 = setting(BETA1);
  const b2 = setting(BETA2);
  const step = splat(rate / (1 - count(BETA1_POWER) * b1));
  const rootFactor = splat(1 / sqrt<f64>(1 - count(BETA2_POWER) * b2));
  const beta1 = splat(b1);
  const rest1 = splat(1 - b1);
  const beta2 = splat(b2);
  const rest2 = splat(1 - b2);
  const epsilon = splat(setting(EPSILON));
  const smallest = v128.load32_splat(SMALLEST);
  for (let p: usize = 0; p < bytes; p += 16) {
    const g = v128.load(gradient + p);
    const m = flush(f32x4.add(f32x4.mul(beta1, v128.load(moment1 + p)), f32x4.mul(rest1, g)), smallest);
    const v = flush(f32x4.add(f32x4.mul(beta2, v128.load(moment2 + p)), f32x4.mul(f32x4.mul(rest2, g), g)), smallest);
    v128.store(moment1 + p, m);
    v128.store(moment2 + p, v);
    descend(p, step, f32x4.div(m, f32x4.add(f32x4.mul(f32x4.sqrt(v), rootFactor), epsilon)));
  }
}

/** One step of the optimiser on the running gradient. */
export function optimise(rate: f64): void {
  const bytes = <usize>parameterCount << 2;
  const rate4 = splat(rate);
  switch (<i32>setting(OPTIMIZER)) {
    case OPTIMIZER_SGD: sgd(bytes, rate4); break;
    case OPTIMIZER_MOMENTUM: momentum(bytes, rate4, splat(setting(MOMENTUM))); break;
    case OPTIMIZER_NESTEROV: nesterov(bytes, rate4, splat(setting(MOMENTUM))); break;
    case OPTIMIZER_ADAGRAD: adagrad(bytes, rate4, splat(setting(EPSILON))); break;
    case OPTIMIZER_RMSPROP:
      rmsprop(bytes, rate4, splat(setting(ALPHA)), splat(1 - setting(ALPHA)), splat(setting(EPSILON)));
      break;
    default: adam(bytes, rate);
  }
}
