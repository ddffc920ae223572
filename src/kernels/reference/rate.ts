// The learning rate of a step: the base rate, its schedule and the warm-up.

import type { LearnerSpec } from '../../learner/spec.ts';
import { cosineDecay } from '../schedules/cosine.ts';
import { inverseScaling } from '../schedules/inverse-scaling.ts';
import { stepDecay } from '../schedules/step-decay.ts';
import { warmUp } from '../schedules/warm-up.ts';

/** The rate, in float64, of step number `step` (from 0). */
export function learningRate(spec: LearnerSpec, step: number): number {
  const { schedule } = spec;
  const rate = spec.optimizer.learningRate * warmUp(step, schedule.warmUpSteps);
  switch (schedule.type) {
    case 'constant':
      return rate;
    case 'inverse-scaling':
      return rate * inverseScaling(step, schedule.power, schedule.decaySteps);
    case 'step':
      return rate * stepDecay(step, schedule.factor, schedule.everySteps);
    default:
      return rate * cosineDecay(step, schedule.steps, schedule.minimumRatio);
  }
}
