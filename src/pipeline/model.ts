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
  /** Learns in the place of this thread once it is ready, if the learner can be shared; null, or left out: none. Closed by its owner. */
  readonly thread?: LearningThread | null;
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
}

/** The model around a learner. */
export function createModel(own: Learner, schema: BoundSchema, { predictions, thread: given }: ModelOptions): Model {
  const encode = predictions && createPredictionEncoder(schema.target, predictions);
  /** Who learns here, once it has begun to. */
  let thread: LearningThread | null = null;
  return {
    schema,
    learner: settledLearner(own, () => thread),
    begin(chunk, block, whenDone) {
      if (!thread && own.share && given?.isReady) {
        given.attach(own.share, schema.target);
        thread = given;
      }
      if (thread) {
        thread.learn(chunk, block, whenDone);
        return thread;
      }
      const outcome = own.learn(block);
      const learnt = { outcome, packed: encode?.(chunk, block, outcome) ?? null };
      return { isDone: true, take: () => learnt };
    },
  };
}
