// Schemas and chunks for the tests of decoding.

import type { Block } from '../../src/sample/block.ts';
import { createCsvFormat } from '../../src/sample/csv-format.ts';
import { createDecoder, type Decoder } from '../../src/sample/decoder.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import { listedRecords } from '../../src/sample/listed-records.ts';
import type { Chunk, SourceRecord } from '../../src/sample/record.ts';
import {
  type BoundSchema,
  type FeatureSpec,
  type NumericFeature,
  numericFeature,
  type SchemaSpec,
  type TargetSpec,
  targetWidth,
  widthOf,
} from '../../src/sample/schema.ts';
import type { Span } from '../../src/sample/span.ts';

export const binaryTarget: TargetSpec = { type: 'binary', from: ['label'], classes: [0, 1] };
export const regressionTarget: TargetSpec = { type: 'regression', from: ['label'], classes: [] };

/** A numeric feature, changed as said. */
export function numeric(name: string, changes: Partial<NumericFeature> = {}): NumericFeature {
  return { ...numericFeature(name, 'none'), ...changes };
}

export function categorical(name: string, values: readonly (string | number | boolean)[]): FeatureSpec {
  return { name, from: null, missing: 'reject', type: 'categorical', values, buckets: null };
}

/** A schema with a binary target `label`, changed as said. */
export function schemaOf(features: readonly FeatureSpec[], changes: Partial<SchemaSpec> = {}): BoundSchema {
  return { target: binaryTarget, weight: null, ...changes, features };
}

/** A schema whose features are left to the first record. */
export function openSchema(changes: Partial<SchemaSpec> = {}): SchemaSpec {
  return { features: null, target: binaryTarget, weight: null, ...changes };
}

/** A chunk of partition 0 with these values; null is a tombstone. */
export function chunkOf(values: readonly (string | Uint8Array | null)[], firstOffset = 0): Chunk {
  const records = values.map((value, index): SourceRecord => {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    return { key: null, value: bytes, headers: [], timestampMs: null, offset: firstOffset + index };
  });
  return { origin: 'test', partition: 0, records: listedRecords(records), nextOffset: firstOffset + values.length };
}

/** A decoder of JSON records, as a run would have it. */
export function jsonDecoder(spec: SchemaSpec, maxRecordBytes = 1000): Decoder {
  const format = createJsonFormat(spec, 'none');
  return createDecoder({ format, schema: format.known, maxRecordBytes });
}

/** A decoder of the rows under a CSV header. */
export function csvDecoder(spec: SchemaSpec, header: string, maxRecordBytes = 1000): Decoder {
  const format = createCsvFormat(spec, 'none', header.split(','));
  return createDecoder({ format, schema: format.known, maxRecordBytes });
}

/** The rows of a block that count, as plain numbers. */
export function rowsOf(block: Block, schema: BoundSchema | null) {
  const inputs = (schema?.features ?? []).reduce((sum, feature) => sum + widthOf(feature), 0);
  const targets = schema ? targetWidth(schema.target) : 0;
  return Array.from({ length: block.count }, (_, row) => ({
    record: block.recordIndex[row],
    inputs: [...block.inputs.subarray(row * inputs, (row + 1) * inputs)],
    label: block.labelled[row] === 1 ? [...block.targets.subarray(row * targets, (row + 1) * targets)] : null,
    weight: block.weights[row],
  }));
}

/** What decoding one record gave: its inputs, or the reason and message of its rejection. */
export function decodeOne(decoder: Decoder, value: string | Uint8Array | null) {
  const block = decoder.decode(chunkOf([value]));
  const [rejection] = block.rejections;
  if (rejection) return { reason: rejection.reason, message: rejection.message };
  return rowsOf(block, decoder.schema)[0];
}

/** A chunk of one record that has everything: key, repeated header, time, bytes that are not UTF-8. */
export const fullChunk: Chunk = {
  origin: 'transactions',
  partition: 3,
  nextOffset: 18,
  records: listedRecords([
    {
      key: Buffer.from('key'),
      value: Uint8Array.of(0xff, 0),
      headers: [
        ['trace', Buffer.from('1')],
        ['trace', Buffer.from('2')],
      ],
      timestampMs: 1700000000000,
      offset: 17,
    },
  ]),
};

/** A span of all the bytes. */
export function spanOf(bytes: Uint8Array): Span {
  return { bytes, from: 0, to: bytes.length };
}
