// The ports of the pipeline, types only: what a way in, a way out and a checkpoint store must do.
// kafka/, file/, synthetic/ and checkpoint/ implement them; one contract suite in test/contract holds each of them to it.

import type { LearnerShare, Outcome } from '../learner/learner.ts';
import type { StateTensor } from '../learner/state.ts';
import type { Block } from '../sample/block.ts';
import type { OutputRecords, PackedRecords } from '../sample/packed-records.ts';
import type { Chunk, OutputRecord, Positions } from '../sample/record.ts';
import type { TargetSpec } from '../sample/schema.ts';

/** What tells an input from another of the same name. */
export interface InputIdentity {
  /** null where the carrier has none. */
  readonly id: string | null;
  readonly partitions: number;
}

/** A way in. Opened once, read once, closed once. */
export interface Source {
  /** For messages: `topic transactions`, `file data/phishing.csv`. */
  readonly name: string;
  /** What a checkpoint records of the input, so that another input is not resumed by mistake: topic or path. */
  readonly origin: string;
  /** CSV: the header's columns, once open; null where records name their own fields. */
  readonly columns: readonly string[] | null;
  /**
   * Where each partition that is read now ends, as far as it is known: what lag is measured by. Left out where the input
   * has no end to be behind.
   */
  readonly ends?: Positions;
  /** What a checkpoint is compared with besides the origin, once open; null where that says it all. */
  readonly identity: InputIdentity | null;
  /** Connects and checks that the input is there. Throws MillraceError. */
  open(): Promise<void>;
  /**
   * Resolves once this process alone may read the input: at once, or (Kafka) when its group gives it the partitions;
   * `onStandby` hears when another one has them. Gives false if `signal` aborts first.
   */
  claim(signal: AbortSignal, onStandby: () => void): Promise<boolean>;
  /**
   * The chunks from the given positions on (a partition not named starts at its earliest record), in order for each
   * partition. Pulling is the backpressure: nothing more than a bounded read-ahead is fetched until the next pull.
   * Ends at the end of the input (where it has one, or was told to stop there) or soon after `signal` aborts.
   */
  chunks(from: Positions, signal: AbortSignal): AsyncIterable<Chunk>;
  /** Tells the carrier that all before these positions is dealt with (Kafka: group offsets, for lag monitors). */
  acknowledge(positions: Positions): Promise<void>;
  close(): Promise<void>;
}

/**
 * A thread that learns with a learner's state, one block at a time. Between `learn` and the end of that, nobody else may
 * look at the state: whoever wants to settles first.
 */
export interface LearningThread {
  /** Tells it whose state it is to learn with, and what it predicts: once, and only when there is a first block. */
  attach(share: LearnerShare, target: TargetSpec): void;
  /** Whether it can begin: not before it has started, nor where it has failed. Until then the learner itself is to learn. */
  readonly isReady: boolean;
  /** Whether the block that it was given is dealt with, so that `take` does not wait. */
  readonly isDone: boolean;
  /** Begins with a block. `whenDone` hears once it is dealt with, unless it was taken before. */
  learn(chunk: Chunk, block: Block, whenDone: () => void): void;
  /** What came of the block, as soon as it is there; the outcome is good until the next. Throws where the thread failed. */
  take(): Learnt;
  /** Waits until the thread is not at work; blocks this one. */
  settle(): void;
  close(): Promise<void>;
}

/** What came of learning a block. */
export interface Learnt {
  readonly outcome: Outcome;
  /** Its predictions; null where none are published. */
  readonly packed: Pick<PackedRecords, 'bytes' | 'ends'> | null;
}

/** What a checkpoint vouches for in an output: bytes of a file; null where the carrier keeps no position of ours. */
export type SinkMark = number | null;

/** A way out. */
export interface Sink {
  readonly name: string;
  /**
   * Connects, and drops what lies past `mark` (a file is truncated to it; null: to nothing). Throws MillraceError.
   */
  open(mark: SinkMark): Promise<void>;
  /** Appends, in order. Resolves once the sink can take more: a slow sink stops the fetch. */
  write(records: OutputRecords): Promise<void>;
  /** Makes all that was written durable and tells how far that is. */
  flush(): Promise<SinkMark>;
  /** Flushes and lets go. Safe to call after a failure, and twice. */
  close(): Promise<void>;
}

/** Offsets [from, to) of one partition, learnt one after the other. */
export interface LearntRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  /** Records that were found there: fewer than to − from where the log has gaps. */
  readonly records: number;
}

/** A point between two chunks: what is made durable together reaches up to here. */
export interface Boundary {
  /** Records dealt with since the beginning of the stream. */
  readonly sequence: number;
  readonly positions: Positions;
  /** What was dealt with since the boundary before, in order. */
  readonly ranges: readonly LearntRange[];
  readonly modelVersion: number;
  /** null until a learner exists. */
  readonly weightsDigest: string | null;
}

/** A boundary as the journal keeps it. */
export interface JournalEntry extends Omit<Boundary, 'positions'> {
  /** Where it stands in the journal. */
  readonly offset: number;
}

/** What is to be learnt again: the journal from a point on, and the records that it lists. */
export interface ReplayInput {
  /** The journal's next entry that was not given yet. */
  readonly journalNext: number;
  /** Looks again how far the journal reaches. */
  refresh(): Promise<void>;
  /** The entries that are there and were not given yet. Throws MillraceError('journal-damaged'). */
  entries(): AsyncIterable<JournalEntry>;
  /** The records of a range; ranges must come in the journal's order. Throws MillraceError('replay-differs'). */
  chunks(range: LearntRange): AsyncIterable<Chunk>;
  close(): Promise<void>;
}

/** What a commit vouches for in each output, and where the journal goes on after it (null: none is kept). */
export interface CommitMarks {
  readonly predictions: SinkMark;
  readonly deadLetters: SinkMark;
  readonly journal: number | null;
}

/** What chunks give rise to. */
export interface Outputs {
  readonly predictions: OutputRecords;
  readonly deadLetters: readonly OutputRecord[];
}

/** All ways out of a run together, opened already. */
export interface Delivery {
  /** Appends, in order, and takes over: packed outputs may be gone afterwards. Resolves once it can take more. */
  write(outputs: Outputs): Promise<void>;
  /** Makes all that was written durable, together with the word that the input is dealt with up to the boundary. */
  commit(boundary: Boundary): Promise<CommitMarks>;
}

/** State and positions of one commit boundary. */
export interface Checkpoint {
  /** Records dealt with since the beginning of the stream: names the file and orders checkpoints. */
  readonly sequence: number;
  readonly tensors: readonly StateTensor[];
  /** Everything that is not an array, as JSON-ready values (CheckpointMeta in checkpoint.ts). */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** A checkpoint that was found and passed its checks. */
export interface LoadedCheckpoint extends Checkpoint {
  readonly path: string;
}

export interface SavedCheckpoint {
  readonly path: string;
  readonly bytes: number;
  readonly durationMs: number;
}

/** Where checkpoints are kept. */
export interface CheckpointStore {
  /** Checks that the folder can be written and removes half-written files of earlier runs. Throws MillraceError. */
  open(): Promise<void>;
  /** Atomic: after a crash at any point the store holds either the old newest or the new one, whole. */
  save(checkpoint: Checkpoint): Promise<SavedCheckpoint>;
  /**
   * The newest sound one that `refusal` has nothing against, or null. `onPassedOver` hears of each other newer file, and why
   * in words that go on from its path: "is damaged (…)".
   */
  newest(
    onPassedOver: (path: string, why: string) => void,
    refusal?: (found: LoadedCheckpoint) => Promise<string | null>,
  ): Promise<LoadedCheckpoint | null>;
}
