// What the thread that moves the records and the one that learns them tell each other. Arrays are in memory that both have;
// only the bytes of the predictions change hands.

import type { MessagePort } from 'node:worker_threads';
import type { LearnerShare, Outcome } from '../learner/learner.ts';
import type { BlockRows } from '../sample/block.ts';
import type { PredictedSamples, PredictionFields } from '../sample/encode-prediction.ts';
import type { TargetSpec } from '../sample/schema.ts';

/** What the learning thread is started with. */
export interface ThreadStart {
  readonly port: MessagePort;
  /** Blocks done so far; whoever waits for one is notified. [1] */
  readonly done: Int32Array;
  /** null where nothing is published. */
  readonly predictions: PredictionFields | null;
}

/** Whose state it is to learn with, and what it predicts: comes before any order. */
export interface Charge {
  readonly share: LearnerShare;
  readonly target: TargetSpec;
}

/** A block to be learnt into the arrays of `outcome`. */
export interface Order {
  readonly rows: BlockRows;
  readonly outcome: Outcome;
  readonly samples: Pick<PredictedSamples, 'place' | 'offsets'>;
}

/** What came of a block; the rest is in its outcome's arrays. null where nothing is published. */
export type Answer = { readonly bytes: Uint8Array<ArrayBuffer>; readonly ends: Int32Array<ArrayBuffer> } | null;

/** Said once, when the thread is ready for orders. */
export const ready = 'ready';
