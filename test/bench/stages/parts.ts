// What a sample goes through between a fetch and a produce request, for a network N-32-1: the bytes of fetches, and the parts
// of a run that deal with them.

import { createRecordBatch } from '../../../src/kafka/wire/record-batch.ts';
import { readRecords } from '../../../src/kafka/wire/record-reader.ts';
import { createLearner } from '../../../src/learner/create-learner.ts';
import { createDecoder } from '../../../src/sample/decoder.ts';
import { createPredictionEncoder } from '../../../src/sample/encode-prediction.ts';
import { createJsonFormat } from '../../../src/sample/json-format.ts';
import type { Chunk } from '../../../src/sample/record.ts';
import { type BoundSchema, numericFeature } from '../../../src/sample/schema.ts';
import { benchSpec } from '../bench-spec.ts';
import { createSamples } from '../stream/samples.ts';

/** Records of a piece. */
export const pieceRecords = 2000;
/** Bytes of a batch at most. */
export const batchBytes = 1 << 20;

/** Numbers by the names `f0`, `f1`, … as they are, and so many classes. */
export function schemaOf(features: number, classes = 2): BoundSchema {
  return {
    features: Array.from({ length: features }, (_, index) => numericFeature(`f${index}`, 'none')),
    target: {
      type: classes > 2 ? 'multiclass' : 'binary',
      from: ['label'],
      classes: Array.from({ length: classes }, (_, index) => index),
    },
    weight: null,
  };
}

/** A decoder for JSON records of a schema. */
export function decoderOf(schema: BoundSchema) {
  const format = createJsonFormat(schema, 'none');
  return createDecoder({ format, schema, maxRecordBytes: batchBytes });
}

/** The parts for so many features; nothing is learnt yet. */
export function createParts(features: number) {
  const schema = schemaOf(features);
  return {
    schema,
    decoder: decoderOf(schema),
    learner: createLearner(benchSpec({ network: [features, 32, 1], batchSize: 1 })),
    encode: createPredictionEncoder(schema.target, { label: false, loss: false }),
  };
}

/** Makes the bytes of one fetch after another. */
export function createFetches(features: number, records = pieceRecords): () => Buffer {
  const next = createSamples(features);
  return () => {
    const batch = createRecordBatch(64 << 20);
    const made = Array.from({ length: records }, (_, index) => {
      const { values, label } = next();
      const value = Buffer.from(`{"features":[${values.join(',')}],"label":${label}}`);
      return { key: null, value, headers: [], timestampMs: 1_700_000_000_000 + index, partition: null };
    });
    for (const row of made.keys()) batch.append(made, row);
    return batch.seal({ id: -1n, epoch: -1, isTransactional: false }, 0);
  };
}

/** The records of a fetch as a source gives them. */
export function chunkOf(bytes: Buffer, partition = 0): Chunk {
  const read = readRecords(bytes, { from: 0, to: Number.POSITIVE_INFINITY, aborted: [] });
  return { origin: 'bench', partition, ...read };
}
