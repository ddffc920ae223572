// The fold: what a chunk does to the state, and what it gives rise to. Synchronous, so a snapshot taken between two
// chunks is the state of exactly those positions.

import { MillraceError } from '../errors.ts';
import type { Learner, Outcome } from '../learner/learner.ts';
import type { StateTensor } from '../learner/state.ts';
import type { Block } from '../sample/block.ts';
import type { Decoder } from '../sample/decoder.ts';
import {
  createPredictionWriter,
  deadLetterRecord,
  type PredictionFields,
  type PredictionWriter,
  predictionRecord,
} from '../sample/encode-prediction.ts';
import type { Chunk, OutputRecord, Positions } from '../sample/record.ts';
import { type BoundSchema, targetWidth } from '../sample/schema.ts';
import type { RunCounters } from './counters.ts';

/** What a chunk gave rise to. */
export interface Folded {
  readonly records: number;
  readonly predictions: readonly OutputRecord[];
  readonly deadLetters: readonly OutputRecord[];
}

/** State and positions at one moment between two chunks. */
export interface FoldSnapshot {
  /** Records dealt with since the beginning of the stream. */
  readonly sequence: number;
  readonly positions: Positions;
  /** Records of this run by what became of them. */
  readonly counts: { readonly learned: number; readonly scored: number; readonly rejected: number };
  readonly tensors: readonly StateTensor[];
  readonly modelVersion: number;
  readonly weightsDigest: string;
  readonly schema: BoundSchema;
}

export interface Fold {
  /** null until the schema is known. */
  readonly learner: Learner | null;
  /** Records dealt with since the beginning of the stream. */
  readonly sequence: number;
  apply(chunk: Chunk): Folded;
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
  readonly write: PredictionWriter | null;
}

const nothing: Folded = { records: 0, predictions: [], deadLetters: [] };

/** The fold of one run. */
export function createFold(options: FoldOptions): Fold {
  const { decoder, counters, resume } = options;
  const positions = new Map(resume?.positions);
  let sequence = resume?.sequence ?? 0;
  let bound: Bound | null = null;

  function bind(schema: BoundSchema): Bound {
    const write = options.predictions ? createPredictionWriter(schema.target, options.predictions) : null;
    return { learner: resume?.learner ?? options.createLearner(schema), schema, write };
  }

  if (decoder.schema) bound = bind(decoder.schema);
  return {
    get learner() {
      return bound?.learner ?? null;
    },
    get sequence() {
      return sequence;
    },
    positions,
    apply(chunk) {
      positions.set(chunk.partition, chunk.nextOffset);
      if (chunk.records.length === 0) return nothing;
      const block = decoder.decode(chunk);
      if (!bound && decoder.schema) bound = bind(decoder.schema);
      const predictions = bound && block.count > 0 ? learnBlock(bound, chunk, block, counters) : [];
      sequence += chunk.records.length;
      counters.countChunk(chunk, block);
      const deadLetters = block.rejections.map((rejection) => deadLetterRecord(chunk, rejection));
      return { records: chunk.records.length, predictions, deadLetters };
    },
    snapshot() {
      if (!bound) return null;
      const { learner, schema } = bound;
      return {
        sequence,
        positions: new Map(positions),
        counts: { learned: counters.learned, scored: counters.scored, rejected: counters.rejected },
        tensors: learner.snapshot(),
        modelVersion: learner.steps,
        weightsDigest: learner.weightsDigest(),
        schema,
      };
    },
  };
}

function learnBlock(bound: Bound, chunk: Chunk, block: Block, counters: RunCounters): OutputRecord[] {
  const outcome = bound.learner.learn(block);
  if (bound.learner.refusedSteps > 0) throw refusal(chunk);
  counters.countLosses(outcome.losses, block);
  return bound.write ? encode(bound.write, bound, chunk, block, outcome) : [];
}

/** Nothing of the chunk is published or kept, so that all of it is learnt once the cause is mended. */
function refusal({ origin, partition, records }: Chunk): MillraceError {
  const place = `${origin}, partition ${partition}, offsets ${records[0].offset} to ${records[records.length - 1].offset}`;
  return new MillraceError(
    'learning-refused',
    `a step on ${place}, would have made a weight non-finite: it was refused, and learning has stopped before this chunk`,
  );
}

function encode(
  write: PredictionWriter,
  { learner, schema }: Bound,
  chunk: Chunk,
  block: Block,
  { outputs, versions, losses }: Outcome,
): OutputRecord[] {
  const width = learner.outputs;
  const targets = targetWidth(schema.target);
  const records = new Array<OutputRecord>(block.count);
  for (let row = 0; row < block.count; row++) {
    const value = write({
      outputs: outputs.subarray(row * width, (row + 1) * width),
      modelVersion: versions[row],
      target: block.labelled[row] ? block.targets.subarray(row * targets, (row + 1) * targets) : null,
      loss: losses[row],
    });
    records[row] = predictionRecord(chunk, chunk.records[block.recordIndex[row]], value);
  }
  return records;
}
