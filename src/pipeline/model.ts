// The model of a run once its schema is known: the learner, and who learns with it, this thread or one beside it.

import type { Learner } from '../learner/learner.ts';
import type { Block } from '../sample/block.ts';
import { createPredictionEncoder, type PredictionFields } from '../sample/encode-prediction.ts';
import type { Chunk } from '../sample/record.ts';
import type { BoundSchema } from '../sample/schema.ts';
import type { LearningThread, Learnt } from './ports.ts';
import { settledLearner } from './settled-learner.ts';

export interface ModelOptions {
  /** What a prediction holds besides; null publishes none. */
  readonly predictions: PredictionFields | null;
  /** Starts a thread to learn with a learner's state; null, or left out: it learns here. */
  readonly startThread?: (learner: Learner, schema: BoundSchema) => LearningThread | null;
}

/** A block that is being learnt. */
export interface Pending {
  /** Whether it is learnt, so that `take` does not wait. */
  readonly isDone: boolean;
  take(): Learnt;
}

export interface Model {
  readonly schema: BoundSchema;
  /** Whoever looks at it sees it between two blocks. */
  readonly learner: Learner;
  /** Learns a block: here, or, once that is ready, in the thread; `whenDone` hears of the latter. One at a time. */
  begin(chunk: Chunk, block: Block, whenDone: () => void): Pending;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** The model around a learner; a thread is started with the first block. */
export function createModel(own: Learner, schema: BoundSchema, { predictions, startThread }: ModelOptions): Model {
  const encode = predictions && createPredictionEncoder(schema.target, predictions);
  let thread: LearningThread | null = null;
  let isAsked = false;
  return {
    schema,
    learner: settledLearner(own, () => thread),
    begin(chunk, block, whenDone) {
      if (!isAsked) thread = startThread?.(own, schema) ?? null;
      isAsked = true;
      if (thread?.isReady) {
        thread.learn(chunk, block, whenDone);
        return thread;
      }
      const outcome = own.learn(block);
      const learnt = { outcome, packed: encode?.(chunk, block, outcome) ?? null };
      return { isDone: true, take: () => learnt };
    },
    async close() {
      await thread?.close();
    },
  };
}
