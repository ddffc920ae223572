// One optimiser step, whole or not at all: one that would leave a parameter or moment non-finite is refused, counted,
// and leaves both as they were; learning is over from then on.

import type { OptimizerSpec } from '../../learner/spec.ts';
import { counter } from '../counters.ts';
import { gradientMax, isSafeStep, refreshBounds, sampleGradientBound } from './bounds.ts';
import { accumulate, descend } from './gradient.ts';
import type { Machine } from './machine.ts';
import { adagradStep } from './optimisers/adagrad.ts';
import { adamStep } from './optimisers/adam.ts';
import { momentumStep } from './optimisers/momentum.ts';
import { nesterovStep } from './optimisers/nesterov.ts';
import { rmspropStep } from './optimisers/rmsprop.ts';
import { sgdStep } from './optimisers/sgd.ts';
import { learningRate } from './rate.ts';
import { addL1, addL2, clipGradient, decayWeights } from './regularisation.ts';

const { fround } = Math;

/** Whether a step was refused: predicting goes on, learning does not. */
export function hasStopped(machine: Machine): boolean {
  return machine.counters[counter.refused] > 0;
}

/** Drops the running gradient, counts, and so stops learning. */
function refuse(machine: Machine): void {
  machine.counters[counter.refused] += 1;
  machine.counters[counter.gradientCount] = 0;
  machine.gradient.fill(0);
  refreshBounds(machine);
}

/**
 * Learns from the deltas of the sample at hand; after every batchSize samples that is an optimiser step.
 * Returns whether a step was taken.
 */
export function learnSample(machine: Machine): boolean {
  const bound = sampleGradientBound(machine);
  if (!(bound <= gradientMax)) {
    refuse(machine);
    return false;
  }
  const { spec, counters, bounds, layout } = machine;
  const rate = learningRate(spec, counters[counter.steps]);
  if (layout.direct) return guarded(machine, { rate, gradient: bound }, () => descend(machine, fround(rate)));
  accumulate(machine);
  bounds.gradient += bound;
  counters[counter.gradientCount] += 1;
  if (counters[counter.gradientCount] < spec.batchSize) return false;
  return guarded(machine, { rate, gradient: bounds.gradient }, () => applyGradient(machine, rate));
}

/** Takes a step; where the bounds do not vouch for it, saves the state before and looks at it after. */
function guarded(
  machine: Machine,
  size: { readonly rate: number; readonly gradient: number },
  step: () => void,
): boolean {
  const safe = isSafeStep(machine, size.rate, size.gradient);
  const { parameters, moment1, moment2, backup, counters, bounds } = machine;
  if (!safe) {
    backup.set(parameters, 0);
    backup.set(moment1, parameters.length);
    backup.set(moment2, parameters.length + moment1.length);
  }
  step();
  if (!safe) {
    refreshBounds(machine);
    if (!(bounds.parameters < Infinity && bounds.moment1 < Infinity && bounds.moment2 < Infinity)) {
      parameters.set(backup.subarray(0, parameters.length));
      moment1.set(backup.subarray(parameters.length, parameters.length + moment1.length));
      moment2.set(backup.subarray(parameters.length + moment1.length));
      refuse(machine);
      return false;
    }
  }
  const { optimizer } = machine.spec;
  if (optimizer.type === 'adam' || optimizer.type === 'adamw') {
    counters[counter.beta1Power] *= optimizer.beta1;
    counters[counter.beta2Power] *= optimizer.beta2;
  }
  machine.gradient.fill(0);
  bounds.gradient = 0;
  counters[counter.gradientCount] = 0;
  counters[counter.steps] += 1;
  return true;
}

/** Penalties, clipping and the optimiser on the running gradient, in PyTorch's order. */
function applyGradient(machine: Machine, rate: number): void {
  const { regularization, clipNorm, optimizer } = machine.spec;
  if (regularization.l1 > 0) addL1(machine);
  if (clipNorm !== null) clipGradient(machine, clipNorm);
  if (regularization.l2 > 0) addL2(machine);
  if (regularization.weightDecay > 0) decayWeights(machine, rate);
  optimise(machine, optimizer, rate);
}

function optimise(machine: Machine, optimizer: OptimizerSpec, rate: number): void {
  const { parameters, gradient, moment1, moment2, counters } = machine;
  const rate32 = fround(rate);
  switch (optimizer.type) {
    case 'sgd':
      sgdStep(parameters, gradient, rate32);
      break;
    case 'momentum':
      momentumStep(parameters, gradient, moment1, { rate: rate32, momentum: fround(optimizer.momentum) });
      break;
    case 'nesterov':
      nesterovStep(parameters, gradient, moment1, { rate: rate32, momentum: fround(optimizer.momentum) });
      break;
    case 'adagrad':
      adagradStep(parameters, gradient, moment2, { rate: rate32, epsilon: fround(optimizer.epsilon) });
      break;
    case 'rmsprop': {
      const alpha = fround(optimizer.alpha);
      const rest = fround(1 - optimizer.alpha);
      rmspropStep(parameters, gradient, moment2, {
        rate: rate32,
        alpha,
        rest,
        epsilon: fround(optimizer.epsilon),
      });
      break;
    }
    default: {
      const { beta1, beta2, epsilon } = optimizer;
      const options = {
        rate: fround(rate / (1 - counters[counter.beta1Power] * beta1)),
        beta1: fround(beta1),
        rest1: fround(1 - beta1),
        beta2: fround(beta2),
        rest2: fround(1 - beta2),
        rootFactor: fround(1 / Math.sqrt(1 - counters[counter.beta2Power] * beta2)),
        epsilon: fround(epsilon),
      };
      adamStep(parameters, gradient, { first: moment1, second: moment2 }, options);
    }
  }
}
