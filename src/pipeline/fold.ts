// The fold: what a chunk does to the state, and what it gives rise to. Synchronous, so a snapshot taken between two
// chunks is the state of exactly those positions.

import { MillraceError } from '../errors.ts';
import type { Learner, Outcome } from '../learner/learner.ts';
import type { StateTensor } from '../learner/state.ts';
import type { Block } from '../sample/block.ts';
import { deadLetterRecord } from '../sample/dead-letter.ts';
import type { Decoder } from '../sample/decoder.ts';
import { createPredictionEncoder, type PredictionEncoder, type PredictionFields } from '../sample/encode-prediction.ts';
import type { Chunk, Positions } from '../sample/record.ts';
import type { BoundSchema } from '../sample/schema.ts';
import type { RunCounters } from './counters.ts';
import type { Boundary, LearntRange, Outputs } from './ports.ts';
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
  /** Predicts, scores and learns. Throws MillraceError('learning-refused'). */
  apply(chunk: Chunk): Folded;
  /** The same in silence: nothing comes of it but the state. */
  replay(chunk: Chunk): void;
  /** Goes on at an offset past a gap of the log. */
  skipTo(partition: number, offset: number): void;
  standing(): Standing;
  /** null while there is no learner yet. */
  snapshot(): FoldSnapshot | null;
  readonly positions: Positions;
}

export interface FoldOptions {
  readonly decoder: Decoder;
  readonly createLearner: (schema: BoundSchema) => Learner;
  /** What a prediction holds besides; null publishes none. */
  readonly predictions: PredictionFields | null;
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

interface Bound {
  readonly learner: Learner;
  readonly schema: BoundSchema;
  readonly encode: PredictionEncoder | null;
}

const nothing: Folded = { records: 0, predictions: [], deadLetters: [], range: null };

/** The fold of one run. */
export function createFold(options: FoldOptions): Fold {
  const { decoder, counters, resume } = options;
  const positions = new Map(resume?.positions);
  let sequence = resume?.sequence ?? 0;
  let bound: Bound | null = null;

  function bind(schema: BoundSchema): Bound {
    const encode = options.predictions ? createPredictionEncoder(schema.target, options.predictions) : null;
    return { learner: resume?.learner ?? options.createLearner(schema), schema, encode };
  }

  /** Learns a chunk; its outcome is valid until the next one. */
  function learn(chunk: Chunk): { readonly block: Block; readonly outcome: Outcome | null } {
    positions.set(chunk.partition, chunk.nextOffset);
    const block = decoder.decode(chunk);
    if (!bound && decoder.schema) bound = bind(decoder.schema);
    const outcome = bound && block.count > 0 ? bound.learner.learn(block) : null;
    if (bound && bound.learner.refusedSteps > 0) throw refusal(chunk);
    sequence += chunk.records.length;
    return { block, outcome };
  }

  function standing(): Standing {
    const learner = bound?.learner;
    return {
      sequence,
      positions: new Map(positions),
      modelVersion: learner?.steps ?? 0,
      weightsDigest: learner?.weightsDigest() ?? null,
    };
  }

  if (decoder.schema) bound = bind(decoder.schema);
  return {
    get learner() {
      return bound?.learner ?? null;
    },
    get schema() {
      return bound?.schema ?? null;
    },
    get sequence() {
      return sequence;
    },
    positions,
    apply(chunk) {
      if (chunk.records.length === 0) {
        positions.set(chunk.partition, chunk.nextOffset);
        return nothing;
      }
      const range = rangeOf(chunk, positions);
      const { block, outcome } = learn(chunk);
      if (outcome) counters.countLosses(outcome.losses, block);
      counters.countChunk(chunk, block);
      options.recent?.note(chunk, block, outcome, bound?.schema ?? null);
      return {
        records: chunk.records.length,
        predictions: bound?.encode && outcome ? bound.encode(chunk, block, outcome) : [],
        deadLetters: block.rejections.map((rejection) => deadLetterRecord(chunk, rejection)),
        range,
      };
    },
    replay(chunk) {
      counters.countReplayed(learn(chunk).block);
    },
    skipTo: (partition, offset) => void positions.set(partition, offset),
    standing,
    snapshot() {
      if (!bound) return null;
      const { learner, schema } = bound;
      return {
        ...standing(),
        counts: counters.outcomes(),
        tensors: learner.snapshot(),
        weightsDigest: learner.weightsDigest(),
        schema,
      };
    },
  };
}

function rangeOf({ partition, records, nextOffset }: Chunk, positions: Positions): LearntRange {
  return { partition, from: positions.get(partition) ?? records[0].offset, to: nextOffset, records: records.length };
}

/** Nothing of the chunk is published or kept, so that all of it is learnt once the cause is mended. */
function refusal({ origin, partition, records }: Chunk): MillraceError {
  const place = `${origin}, partition ${partition}, offsets ${records[0].offset} to ${records[records.length - 1].offset}`;
  return new MillraceError(
    'learning-refused',
    `a step on ${place} would have made a weight non-finite: it was refused, and learning has stopped before this chunk`,
  );
}
