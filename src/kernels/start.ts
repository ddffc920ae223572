// What both kernels hold before the first sample.

import type { LearnerSpec } from '../learner/spec.ts';
import { counter } from './counters.ts';
import type { Kernel } from './kernel.ts';

/** Writes the initial state: the given parameters (in the layout's order) and everything else at its beginning. */
export function startKernel(kernel: Kernel, spec: LearnerSpec, parameters: Float32Array): void {
  const { regions } = kernel.layout;
  new Float32Array(kernel.buffer, regions.parameters.offset, regions.parameters.length).set(parameters);
  const counters = new Float64Array(kernel.buffer, regions.counters.offset, regions.counters.length);
  counters[counter.beta1Power] = 1;
  counters[counter.beta2Power] = 1;
  if (spec.optimizer.type === 'adagrad') {
    const { offset, length } = regions.moment2;
    new Float32Array(kernel.buffer, offset, length).fill(spec.optimizer.initialAccumulator);
  }
  kernel.refresh();
}
