// Guards against numbers that ruin the state, at the cost of a look at each unit instead of each weight: upper bounds
// on parameters and moments grow with every step; only when one comes near float32's limit is the state itself looked at.

import type { LearnerSpec } from '../../learner/spec.ts';
import type { Bounds, Machine } from './machine.ts';

const { fround } = Math;

/** Above this a sample's gradient is taken for divergence, and its step is refused. */
export const gradientMax = 1e30;

/** Bounds below this are far enough from float32's largest number, 3.4e38. */
const boundMax = 1e36;

/** Largest |x|; NaN if any is NaN. */
function largestOf(values: Float32Array): number {
  let largest = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (!(size <= largest)) largest = size;
    if (Number.isNaN(largest)) return largest;
  }
  return largest;
}

/** More than the largest |∂E/∂θ| that the sample at hand can have: max|δ|·max(1, max|a|) over all layers. NaN if anything is. */
export function sampleGradientBound({ scaled, values }: Machine): number {
  let largestDelta = 0;
  let largestInput = largestOf(scaled);
  values.forEach(({ deltas, activations }, layer) => {
    largestDelta = Math.max(largestDelta, largestOf(deltas));
    if (layer < values.length - 1) largestInput = Math.max(largestInput, largestOf(activations));
  });
  return largestDelta * Math.max(1, largestInput);
}

/** Looks at the state itself. */
export function refreshBounds(machine: Machine): void {
  const { bounds } = machine;
  bounds.parameters = largestOf(machine.parameters);
  bounds.moment1 = largestOf(machine.moment1);
  bounds.moment2 = largestOf(machine.moment2);
  bounds.gradient = largestOf(machine.gradient);
}

/**
 * Bounds after a step whose gradient, before penalties, is at most `gradient`; written to `bounds`. Settings are taken as
 * the float32 they are used as: one that overflows or vanishes there makes a bound infinite or NaN, never safe.
 */
function advance(bounds: Bounds, spec: LearnerSpec, rate: number, gradient: number): void {
  const { optimizer, regularization } = spec;
  const g = gradient + regularization.l1 + regularization.l2 * bounds.parameters;
  let change = g;
  switch (optimizer.type) {
    case 'sgd':
      break;
    case 'momentum':
    case 'nesterov':
      bounds.moment1 = optimizer.momentum * bounds.moment1 + g;
      change = g + bounds.moment1;
      break;
    case 'adagrad':
    case 'rmsprop':
      bounds.moment2 += g * g;
      change = g / fround(optimizer.epsilon);
      break;
    default:
      bounds.moment1 = optimizer.beta1 * bounds.moment1 + g;
      bounds.moment2 += g * g;
      change = bounds.moment1 / (1 - optimizer.beta1) / fround(optimizer.epsilon);
  }
  // A rate so large that rate·weightDecay exceeds 2 makes decay a growth.
  const decay = Math.max(1, Math.abs(fround(1 - rate * regularization.weightDecay)));
  bounds.parameters = bounds.parameters * decay + fround(rate) * change;
}

function withinBounds(bounds: Bounds): boolean {
  return bounds.parameters < boundMax && bounds.moment1 < boundMax && bounds.moment2 < boundMax;
}

/** Whether a step surely leaves everything finite; the bounds are advanced over it either way. */
export function isSafeStep(machine: Machine, rate: number, gradient: number): boolean {
  const { bounds, spec } = machine;
  advance(bounds, spec, rate, gradient);
  if (withinBounds(bounds)) return true;
  refreshBounds(machine);
  advance(bounds, spec, rate, gradient);
  return withinBounds(bounds);
}
