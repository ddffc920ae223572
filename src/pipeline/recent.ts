// The newest predictions and rejections of a run, for whoever watches. The last few of each chunk are copied as numbers;
// words are made of them only when somebody looks.

import type { Outcome } from '../learner/learner.ts';
import type { Block } from '../sample/block.ts';
import {
  copyOffsets,
  createPredictionWriter,
  type PredictedRows,
  type PredictedSamples,
  placeOf,
} from '../sample/encode-prediction.ts';
import { valueFrom } from '../sample/packed-records.ts';
import type { Chunk } from '../sample/record.ts';
import type { RejectionReason } from '../sample/rejection.ts';
import { type BoundSchema, targetWidth } from '../sample/schema.ts';

/** A prediction as it is (or would be) published, and where its sample was. */
export interface RecentPrediction {
  readonly partition: number;
  readonly offset: number;
  /** The fields of a prediction's value, with `label` and `loss` where the sample had a label. */
  readonly value: string;
}

/** A record that was not learnt from, and why. */
export interface RecentRejection {
  readonly partition: number;
  readonly offset: number;
  readonly reason: RejectionReason;
  readonly message: string;
}

export interface Recent {
  /** Oldest first, at most `max`. */
  predictions(): readonly RecentPrediction[];
  rejections(): readonly RecentRejection[];
}

export interface RecentRecorder extends Recent {
  note(chunk: Chunk, block: Block, outcome: Outcome | null, schema: BoundSchema | null): void;
}

/** Keeps the newest `max` of each kind. */
export function createRecent(max = 20): RecentRecorder {
  let tails: readonly Tail[] = [];
  let rejections: readonly RecentRejection[] = [];
  return {
    predictions: () => tails.flatMap(describeTail).slice(-max),
    rejections: () => rejections,
    note(chunk, block, outcome, schema) {
      if (outcome && schema) tails = lastRows([...tails, copyTail(chunk, block, { outcome, schema, max })], max);
      if (block.rejections.length > 0)
        rejections = [...rejections, ...describeRejections(chunk, block, max)].slice(-max);
    },
  };
}

/** The last rows of a chunk, by themselves: what was copied of arrays that are reused. */
interface Tail {
  readonly partition: number;
  readonly samples: PredictedSamples;
  readonly predicted: PredictedRows;
  readonly schema: BoundSchema;
}

function copyTail(
  chunk: Chunk,
  block: Block,
  { outcome, schema, max }: { readonly outcome: Outcome; readonly schema: BoundSchema; readonly max: number },
): Tail {
  const from = Math.max(0, block.count - max);
  const count = block.count - from;
  const width = outcome.outputs.length / block.count;
  const targets = targetWidth(schema.target);
  // Not their records: those may be a part of a large fetch, which is not to be kept for them.
  const offsets = new Float64Array(count);
  copyOffsets(chunk, { count, recordIndex: block.recordIndex.subarray(from) }, offsets);
  return {
    schema,
    partition: chunk.partition,
    samples: {
      ...{ count, offsets, place: placeOf(chunk) },
      targets: block.targets.slice(from * targets, block.count * targets),
      labelled: block.labelled.slice(from, block.count),
    },
    predicted: {
      outputs: outcome.outputs.slice(from * width),
      losses: outcome.losses.slice(from),
      versions: outcome.versions.slice(from),
    },
  };
}

/** The newest tails that hold `max` rows together. */
function lastRows(tails: readonly Tail[], max: number): readonly Tail[] {
  let rows = 0;
  let from = tails.length;
  while (from > 0 && rows < max) rows += tails[--from].samples.count;
  return tails.slice(from);
}

function describeTail({ partition, samples, predicted, schema }: Tail): RecentPrediction[] {
  const write = createPredictionWriter(schema.target, { label: true, loss: true });
  const { bytes, ends } = write(samples, predicted);
  return Array.from(samples.offsets, (offset, row) => ({
    ...{ partition, offset },
    value: bytes.toString('utf8', valueFrom({ ends }, row), ends[2 * row]),
  }));
}

function describeRejections({ partition, records }: Chunk, block: Block, max: number): RecentRejection[] {
  return block.rejections
    .slice(-max)
    .map(({ index, reason, message }) => ({ partition, offset: records.offset(index), reason, message }));
}
