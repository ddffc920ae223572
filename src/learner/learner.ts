// What the rest of Millrace knows of the learner: the fold `state' = step(state, sample)`, a block at a time.

import type { KernelShare } from '../kernels/kernel.ts';
import type { Block } from '../sample/block.ts';
import type { MetricsReport } from './metrics/report.ts';
import type { NetworkReport } from './network-report.ts';
import type { LearnerSpec } from './spec.ts';
import type { StateTensor } from './state.ts';

/** What predicting and learning a block gave, row by row. Arrays are reused by the next call. */
export interface Outcome {
  /** Predictions made before learning. [count × outputs]: probabilities by class (binary: of class 1), or target units. */
  readonly outputs: Float32Array;
  /** Loss of each labelled sample before learning it, else NaN. [count] */
  readonly losses: Float32Array;
  /** Optimiser steps taken when each prediction was made. [count] */
  readonly versions: Float64Array;
}

/** What another thread needs to learn with a learner's very state; it goes there by structured clone. */
export interface LearnerShare {
  readonly spec: LearnerSpec;
  readonly kernel: KernelShare;
  readonly metrics: readonly SharedArrayBuffer[];
}

/** The model and everything that learning reads; nothing else influences it (no clock, no global randomness). */
export interface Learner {
  readonly inputs: number;
  readonly outputs: number;
  /** Optimiser steps so far: the model version. */
  readonly steps: number;
  /** Steps refused because they would have made a weight non-finite; above 0, learning has stopped. */
  readonly refusedSteps: number;
  /** With which another thread can learn in the place of `learn`; null where that cannot be. */
  readonly share: LearnerShare | null;
  /** Predicts, scores and learns each row in order; an unlabelled row is only predicted. */
  learn(block: Block): Outcome;
  /** Predicts without changing anything. [count × inputs] raw inputs to [count × outputs]. */
  predict(inputs: Float32Array, count: number): Float32Array;
  /** A copy of the whole state. */
  snapshot(): StateTensor[];
  /** Replaces the whole state; throws MillraceError('checkpoint-mismatch') if the arrays are not those of `snapshot`. */
  restore(tensors: readonly StateTensor[]): void;
  /** SHA-256, hex, of the parameters in layer order: weights row-major [out × in], then biases; little-endian float32. */
  weightsDigest(): string;
  metrics(): MetricsReport;
  /**
   * How much each input matters: mean |∂E/∂x · x| of the scaled input over the samples that were looked at, in order of
   * the columns; null before any was. E is the loss as it is learnt, times the sample's weight. [inputs]
   */
  inputStrengths(): Float64Array | null;
  /** What the network looks like now. */
  network(): NetworkReport;
}
