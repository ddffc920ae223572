// The fold: what a chunk does to the state, and what it gives rise to. One is learnt at a time, so a snapshot taken between
// two chunks is the state of exactly those positions.

import { MillraceError } from '../errors.ts';
import type { Learner } from '../learner/learner.ts';
import type { StateTensor } from '../learner/state.ts';
import type { Block } from '../sample/block.ts';
import { deadLetterRecord } from '../sample/dead-letter.ts';
import type { Decoder } from '../sample/decoder.ts';
import { packedRecords } from '../sample/encode-prediction.ts';
import type { Chunk, Positions } from '../sample/record.ts';
import type { BoundSchema } from '../sample/schema.ts';
import type { RunCounters } from './counters.ts';
import { createModel, type Model, type ModelOptions, type Pending } from './model.ts';
import type { Boundary, Learnt, LearntRange, Outputs } from './ports.ts';
import type { RecentRecorder } from './recent.ts';

/** What a chunk gave rise to. */
export interface Folded extends Outputs {
  readonly records: number;
  /** What was dealt with; null where nothing was. */
  readonly range: LearntRange | null;
}

/** Where the fold stands between two chunks. */
export type Standing = Omit<Boundary, 'ranges'>;

/** State and positions at one moment between two chunks. */
export interface FoldSnapshot extends Standing {
  /** Records of this run by what became of them; those replayed count too. */
  readonly counts: { readonly learned: number; readonly scored: number; readonly rejected: number };
  readonly tensors: readonly StateTensor[];
  readonly weightsDigest: string;
  readonly schema: BoundSchema;
}

export interface Fold {
  /** null until the schema is known. */
  readonly learner: Learner | null;
  /** null until it is known. */
  readonly schema: BoundSchema | null;
  /** Records dealt with since the beginning of the stream. */
  readonly sequence: number;
  /** Decodes a chunk, to be predicted, scored and learnt. There may be two at a time: one is learnt, one waits. */
  lesson(chunk: Chunk): Lesson;
  /** Learns a chunk in silence: nothing comes of it but the state. Before the first lesson only. */
  replay(chunk: Chunk): void;
  /** Goes on at an offset past a gap of the log. */
  skipTo(partition: number, offset: number): void;
  standing(): Standing;
  /** null while there is no learner yet. */
  snapshot(): FoldSnapshot | null;
  readonly positions: Positions;
}

/** A decoded chunk on its way into the state. */
export interface Lesson {
  /** Learns it: at once, or in the other thread, and `whenDone` hears of that. The lesson before must be finished. */
  learn(whenDone: () => void): void;
  /** Whether it is learnt, so that `finish` does not wait. */
  readonly isDone: boolean;
  /** What it gave rise to; only now the fold stands after it. Throws MillraceError('learning-refused'). */
  finish(): Folded;
}

export interface FoldOptions extends ModelOptions {
  readonly decoder: Decoder;
  readonly createLearner: (schema: BoundSchema) => Learner;
  /** Where a resumed run goes on. */
  readonly resume: FoldResume | null;
  readonly counters: RunCounters;
  /** Remembers the newest predictions and rejections; none unless said. */
  readonly recent?: RecentRecorder;
}

/** A restored learner and the positions it stands at. */
export interface FoldResume {
  readonly learner: Learner;
  readonly positions: Positions;
  readonly sequence: number;
}

/** What nothing gives rise to. */
export const nothing: Folded = { records: 0, predictions: [], deadLetters: [], range: null };

/** The fold of one run. */
export function createFold(options: FoldOptions): Fold {
  const { decoder, counters, resume } = options;
  const positions = new Map(resume?.positions);
  let sequence = resume?.sequence ?? 0;
  let model: Model | null = null;
  /** Whether the state is past the positions: a chunk is learnt, or was and is not yet finished. */
  let isAhead = false;

  function decode(chunk: Chunk): Block {
    const block = decoder.decode(chunk);
    bind();
    return block;
  }

  function bind(): void {
    const { schema } = decoder;
    if (!model && schema) model = createModel(resume?.learner ?? options.createLearner(schema), schema, options);
  }

  /** The fold stands after a chunk that was learnt. */
  function pass(chunk: Chunk): void {
    if (model && model.learner.refusedSteps > 0) throw refusal(chunk);
    requireNew(chunk, positions);
    positions.set(chunk.partition, chunk.nextOffset);
    sequence += chunk.records.length;
    isAhead = false;
  }

  function standing(): Standing {
    if (isAhead) throw new Error('the fold stands nowhere while a chunk is learnt');
    const learner = model?.learner;
    return {
      sequence,
      positions: new Map(positions),
      modelVersion: learner?.steps ?? 0,
      weightsDigest: learner?.weightsDigest() ?? null,
    };
  }

  function lessonOf(chunk: Chunk): Lesson {
    const block = decode(chunk);
    let pending: Pending | null = null;
    return {
      learn(whenDone) {
        isAhead = true;
        if (model && block.count > 0) pending = model.begin(chunk, block, whenDone);
      },
      get isDone() {
        return pending?.isDone ?? true;
      },
      finish() {
        const learnt = pending?.take() ?? null;
        const range = rangeOf(chunk, positions);
        pass(chunk);
        note(options, model?.schema ?? null, { chunk, block, learnt });
        return foldedOf({ chunk, block, learnt }, range);
      },
    };
  }

  bind();
  return {
    get learner() {
      return model?.learner ?? null;
    },
    get schema() {
      return model?.schema ?? null;
    },
    get sequence() {
      return sequence;
    },
    positions,
    lesson: (chunk) => (chunk.records.length > 0 ? lessonOf(chunk) : emptyLesson(() => pass(chunk))),
    replay(chunk) {
      const block = decode(chunk);
      if (block.count > 0) model?.learner.learn(block);
      pass(chunk);
      counters.countReplayed(block);
    },
    skipTo: (partition, offset) => void positions.set(partition, offset),
    standing,
    snapshot: () => model && snapshotOf(model, standing(), counters),
  };
}

function snapshotOf({ learner, schema }: Model, standing: Standing, counters: RunCounters): FoldSnapshot {
  return {
    ...standing,
    counts: counters.outcomes(),
    tensors: learner.snapshot(),
    weightsDigest: learner.weightsDigest(),
    schema,
  };
}

/** A chunk that was learnt. */
interface LearntChunk {
  readonly chunk: Chunk;
  readonly block: Block;
  /** null where no sample was in it. */
  readonly learnt: Learnt | null;
}

/** Counts it, and remembers the last of it. */
function note(
  { counters, recent }: FoldOptions,
  schema: BoundSchema | null,
  { chunk, block, learnt }: LearntChunk,
): void {
  if (learnt) counters.countLosses(learnt.outcome.losses, block);
  counters.countChunk(chunk, block);
  recent?.note(chunk, block, learnt?.outcome ?? null, schema);
}

function foldedOf({ chunk, block, learnt }: LearntChunk, range: LearntRange): Folded {
  return {
    records: chunk.records.length,
    predictions: learnt?.packed ? packedRecords(chunk, block, learnt.packed) : [],
    deadLetters: block.rejections.map((rejection) => deadLetterRecord(chunk, rejection)),
    range,
  };
}

/** Nothing to learn: a stretch of the log without a record. */
function emptyLesson(pass: () => void): Lesson {
  return {
    learn() {},
    isDone: true,
    finish() {
      pass();
      return nothing;
    },
  };
}

function rangeOf({ partition, records, nextOffset }: Chunk, positions: Positions): LearntRange {
  return { partition, from: positions.get(partition) ?? records.offset(0), to: nextOffset, records: records.length };
}

/** A source that gives a record twice ends the run before anything of the second time is published. */
function requireNew({ origin, partition, records }: Chunk, positions: Positions): void {
  const at = positions.get(partition) ?? 0;
  if (records.length === 0 || records.offset(0) >= at) return;
  throw new Error(
    `${origin}, partition ${partition}: records from offset ${records.offset(0)} came after those before ${at}`,
  );
}

/** Nothing of the chunk is published or kept, so that all of it is learnt once the cause is mended. */
function refusal({ origin, partition, records }: Chunk): MillraceError {
  const place = `${origin}, partition ${partition}, offsets ${records.offset(0)} to ${records.offset(records.length - 1)}`;
  return new MillraceError(
    'learning-refused',
    `a step on ${place} would have made a weight non-finite: it was refused, and learning has stopped before this chunk`,
  );
}
