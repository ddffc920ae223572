// Optimiser steps, whole or not at all, as ../reference/step.ts.

import {
  BETA1, BETA2, CLIP_NORM, DECAY_STEPS, FACTOR, FIRST_MOMENT, L1, L2, LEARNING_RATE, MINIMUM_RATIO, OPTIMIZER,
  OPTIMIZER_ADAM, OPTIMIZER_SGD, POWER, SCHEDULE, SCHEDULE_CONSTANT, SCHEDULE_COSINE, SCHEDULE_INVERSE_SCALING, SECOND_MOMENT,
  WARM_UP_STEPS, WEIGHT_DECAY,
} from '../program-slots';
import { cosineDecay } from '../schedules/cosine';
import { inverseScaling } from '../schedules/inverse-scaling';
import { stepDecay } from '../schedules/step-decay';
import { warmUp } from '../schedules/warm-up';
import { addGradientBound, clearGradientBound, gradientBound, isSafeStep, refreshBounds } from './bounds';
import { descend } from './descend';
import { accumulate, accumulateAndDescend } from './gradient';
import { optimise } from './optimisers';
import {
  backup, BETA1_POWER, BETA2_POWER, count, direct, gradient, GRADIENT_COUNT, moment1, moment2, parameterCount,
  parameters, REFUSED, setCount, setting, STEPS,
} from './program';
import { addL1, addL2, clipGradient, decayWeights } from './regularisation';

/** Whether a step was refused: predicting goes on, learning does not. */
@inline
export function hasStopped(): bool {
  return count(REFUSED) > 0;
}

function learningRate(): f64 {
  const step = count(STEPS);
  const rate = setting(LEARNING_RATE) * warmUp(step, setting(WARM_UP_STEPS));
  switch (<i32>setting(SCHEDULE)) {
    case SCHEDULE_CONSTANT: return rate;
    case SCHEDULE_INVERSE_SCALING: return rate * inverseScaling(step, setting(POWER), setting(DECAY_STEPS));
    case SCHEDULE_COSINE: return rate * cosineDecay(step, setting(DECAY_STEPS), setting(MINIMUM_RATIO));
    default: return rate * stepDecay(step, setting(FACTOR), setting(DECAY_STEPS));
  }
}

/** Drops the running gradient, counts, and so stops learning. */
export function refuse(): void {
  setCount(REFUSED, count(REFUSED) + 1);
  setCount(GRADIENT_COUNT, 0);
  if (!direct) memory.fill(gradient, 0, <usize>parameterCount << 2);
  refreshBounds();
}

/** Copies parameters and moments to the backup, or back. */
function copyState(back: bool): void {
  const bytes = <usize>parameterCount << 2;
  let at = backup;
  copyRun(at, parameters, bytes, back);
  at += bytes;
  if (setting(FIRST_MOMENT) != 0) {
    copyRun(at, moment1, bytes, back);
    at += bytes;
  }
  if (setting(SECOND_MOMENT) != 0) copyRun(at, moment2, bytes, back);
}

/** Copies `live` to `saved`, or back. */
@inline
export function copyRun(saved: usize, live: usize, bytes: usize, back: bool): void {
  if (back) memory.copy(live, saved, bytes);
  else memory.copy(saved, live, bytes);
}

/** Penalties, clipping and the optimiser on the running gradient, in PyTorch's order. */
function applyGradient(rate: f64): void {
  if (setting(L1) > 0) addL1(<f32>setting(L1));
  if (setting(CLIP_NORM) > 0) clipGradient(setting(CLIP_NORM));
  if (setting(L2) > 0) addL2(<f32>setting(L2));
  if (setting(WEIGHT_DECAY) > 0) decayWeights(<f32>(1 - rate * setting(WEIGHT_DECAY)));
  optimise(rate);
}

/** Takes a step; where the bounds do not vouch for it, saves the state before and looks at it after. */
function guarded(rate: f64, size: f64): bool {
  const safe = isSafeStep(rate, size);
  if (!safe) copyState(false);
  if (direct) descend(<f32>rate);
  else applyGradient(rate);
  if (!safe && !refreshBounds()) {
    copyState(true);
    refuse();
    return false;
  }
  if (<i32>setting(OPTIMIZER) == OPTIMIZER_ADAM) {
    setCount(BETA1_POWER, count(BETA1_POWER) * setting(BETA1));
    setCount(BETA2_POWER, count(BETA2_POWER) * setting(BETA2));
  }
  setCount(STEPS, count(STEPS) + 1);
  return true;
}

/** The step of one sample whose largest gradient is `bound`, without a running gradient. Returns whether it was taken. */
export function stepDirect(bound: f64): bool {
  return guarded(learningRate(), bound);
}

/** Adds a tile of n samples, `labelled` of them with a label, to the running gradient. */
export function addTile(n: i32, labelled: i32, bound: f64): void {
  accumulate(n);
  addGradientBound(bound);
  setCount(GRADIENT_COUNT, count(GRADIENT_COUNT) + labelled);
}

/** Whether a step is θ −= rate·G and no more. */
@inline
function isPlain(): bool {
  return <i32>setting(OPTIMIZER) == OPTIMIZER_SGD && setting(L1) == 0 && setting(L2) == 0
    && setting(WEIGHT_DECAY) == 0 && setting(CLIP_NORM) == 0;
}

/** addTile and stepOnGradient for a tile that fills the batch; in one go where the step is plain and surely safe. */
export function stepOnTile(n: i32, labelled: i32, bound: f64): bool {
  const rate = learningRate();
  if (n == 1 || !isPlain() || !isSafeStep(rate, gradientBound + bound)) {
    addTile(n, labelled, bound);
    return stepOnGradient();
  }
  accumulateAndDescend(n, <f32>rate, count(GRADIENT_COUNT) == 0);
  clearGradientBound();
  setCount(GRADIENT_COUNT, 0);
  setCount(STEPS, count(STEPS) + 1);
  return true;
}

/** The step on a full running gradient. Returns whether it was taken. */
function stepOnGradient(): bool {
  if (!guarded(learningRate(), gradientBound)) return false;
  clearGradientBound();
  setCount(GRADIENT_COUNT, 0);
  return true;
}
