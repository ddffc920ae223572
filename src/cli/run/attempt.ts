// What an attempt at a run is made of, and the parts that both ways of delivering share.

import { createCheckpointStore } from '../../checkpoint/store.ts';
import type { Config } from '../../config/schema.ts';
import type { TransactionStage } from '../../kafka/transactional-producer.ts';
import type { RunCounters } from '../../pipeline/counters.ts';
import type { Fold, FoldSnapshot } from '../../pipeline/fold.ts';
import type { PipelineOptions } from '../../pipeline/pipeline.ts';
import type { CheckpointStore, CommitMarks, LearningThread, LoadedCheckpoint, Source } from '../../pipeline/ports.ts';
import type { RecentRecorder } from '../../pipeline/recent.ts';
import type { RunPhase } from '../../pipeline/status.ts';
import type { TransactionCounter } from '../../pipeline/transaction-tally.ts';
import type { RecordFormat } from '../../sample/record-reader.ts';
import { say } from '../console.ts';
import type { LifeCounts } from './checkpoint-meta.ts';
import type { ReplayProgress } from './progress.ts';

/** Points at which tests let a run die. */
export type RunStage = TransactionStage | 'checkpoint-written';

export interface RunHooks {
  readonly onStage?: (stage: RunStage) => Promise<void> | void;
}

/** What opening has to work with. */
export interface AttemptContext {
  readonly config: Config;
  readonly source: Source;
  readonly format: RecordFormat;
  readonly store: CheckpointStore | null;
  readonly counters: RunCounters;
  readonly recent: RecentRecorder;
  /** Who learns beside the thread that moves the records; null: nobody. */
  readonly thread: LearningThread | null;
  readonly transactions: TransactionCounter;
  readonly accepted: ReadonlySet<Acceptance>;
  readonly hooks: RunHooks;
  readonly replayed: ReplayProgress;
  readonly setPhase: (phase: RunPhase) => void;
  /** Saves a checkpoint of a model that went on from `before`; does nothing where none are kept. */
  readonly save: (snapshot: FoldSnapshot, marks: CommitMarks, before: LifeCounts | null) => Promise<void>;
}

/** Differences that a user may accept knowingly. */
export const acceptances = ['moved-offsets', 'added-partitions', 'recreated-topic', 'lost-records'] as const;
export type Acceptance = (typeof acceptances)[number];

/** A run whose state stands and whose outputs are open. */
export interface Ready
  extends Pick<PipelineOptions, 'fold' | 'delivery' | 'commitEvery' | 'checkpointEvery' | 'acknowledge'> {
  readonly fold: Fold;
  /** Counts of the checkpoint that it goes on from; null where it starts anew. */
  readonly before: LifeCounts | null;
  close(): Promise<void>;
}

/** What `checkpoint` is where it is left out and yet on: for Kafka, whose runs are meant to go on. */
export const defaultCheckpoint = { dir: './checkpoints', everySamples: 100_000, everyMs: 30_000, keep: 5 };

/** The checkpoint store of a configuration; null where it keeps none. */
export function createStore(config: Config, { onStage }: RunHooks): CheckpointStore | null {
  const options = config.checkpoint ?? (config.source.kafka ? defaultCheckpoint : false);
  if (!options) return null;
  const { dir, keep } = options;
  return createCheckpointStore({
    dir,
    keep,
    name: config.name,
    ...(onStage ? { beforeRename: () => onStage('checkpoint-written') } : {}),
  });
}

/**
 * The newest sound checkpoint that `refusal` has no reason against; each that is passed over is told of, and whether all of
 * them are.
 */
export async function newestCheckpoint(
  store: CheckpointStore,
  refusal?: (found: LoadedCheckpoint) => Promise<string | null>,
): Promise<LoadedCheckpoint | null> {
  let passedOver = 0;
  const found = await store.newest((path, why) => {
    passedOver += 1;
    say(`checkpoint ${path} ${why}; passing over it to the one before`);
  }, refusal);
  if (passedOver > 0 && !found) say('no sound checkpoint is left: learning from the beginning');
  return found;
}
