// What the network looks like at this moment, for whoever watches a run: read from the kernel's memory when asked for, so
// that a step pays nothing for it.

import { counter } from '../kernels/counters.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Region } from '../kernels/layout.ts';
import { learningRate } from '../kernels/reference/rate.ts';
import type { LearnerSpec } from './spec.ts';

/** One dense layer. */
export interface LayerReport {
  readonly inputs: number;
  readonly units: number;
  readonly activation: string;
  /** Weights and biases. */
  readonly parameters: number;
  /** Euclidean norm of weights and biases together. */
  readonly norm: number;
}

export interface NetworkReport {
  /** First hidden layer first, the output layer last. */
  readonly layers: readonly LayerReport[];
  /** Of the next step. */
  readonly learningRate: number;
  /**
   * Root mean square of the gradient's Euclidean norm over the newest steps, as the optimiser's second moments tell it
   * (adagrad: over all steps); null before the first step and for optimisers that keep none.
   */
  readonly gradientNorm: number | null;
}

/** Reads a kernel that holds a model of this spec. */
export function reportNetwork({ buffer, layout }: Kernel, spec: LearnerSpec): NetworkReport {
  const { regions, layers } = layout;
  const counters = new Float64Array(buffer, regions.counters.offset, regions.counters.length);
  const parameters = floatsOf(buffer, regions.parameters);
  const steps = counters[counter.steps];
  return {
    layers: layers.map(({ inputs, outputs, weights, biases, outputsPadded, activation }) => ({
      inputs,
      units: outputs,
      activation,
      parameters: (inputs + 1) * outputs,
      // Padding is 0 and adds nothing.
      norm: Math.sqrt(sumOfSquares(parameters.subarray(weights, biases + outputsPadded))),
    })),
    learningRate: learningRate(spec, steps),
    gradientNorm: steps > 0 ? gradientNorm(spec, floatsOf(buffer, regions.moment2), counters) : null,
  };
}

function gradientNorm({ optimizer }: LearnerSpec, moment2: Float32Array, counters: Float64Array): number | null {
  const steps = counters[counter.steps];
  switch (optimizer.type) {
    case 'adam':
    case 'adamw':
      return Math.sqrt(sum(moment2) / (1 - counters[counter.beta2Power]));
    case 'rmsprop':
      return Math.sqrt(sum(moment2) / (1 - optimizer.alpha ** steps));
    case 'adagrad':
      return Math.sqrt(Math.max(0, sum(moment2) - optimizer.initialAccumulator * moment2.length) / steps);
    default:
      return null;
  }
}

function floatsOf(buffer: ArrayBufferLike, { offset, length }: Region): Float32Array {
  return new Float32Array(buffer, offset, length);
}

function sumOfSquares(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * values[i];
  return total;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
