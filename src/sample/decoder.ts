// Chunks into blocks: parses each record, fits it to the schema, and turns what does not fit into rejections.
// The schema is bound by the first record that can tell its features, where the config leaves them out.

import type { Block, Rejection } from './block.ts';
import { createBlockRoom } from './block-room.ts';
import type { RowArrays } from './fast-row.ts';
import { createFeatureEncoder, type Refusal, refuse, show } from './feature-encoder.ts';
import { createLabelDecoder } from './label-decoder.ts';
import type { Chunk, Records } from './record.ts';
import type { RawSample, RecordFormat } from './record-reader.ts';
import { type BoundSchema, targetWidth, widthOf } from './schema.ts';
import { createSpan, type Span, viewOf } from './span.ts';

export interface Decoder {
  /** null until known. */
  readonly schema: BoundSchema | null;
  /** The block's arrays but `recordIndex` are good until the call after the next. */
  decode(chunk: Chunk): Block;
}

export interface DecoderOptions {
  readonly format: RecordFormat;
  /** Known from a checkpoint or the format; null to infer it from the first record that can tell. */
  readonly schema: BoundSchema | null;
  /** A longer record is rejected before it is parsed. */
  readonly maxRecordBytes: number;
}

/** Writes sample `row` of a block; null, or why the record is none. */
type RowDecoder = (value: Span, row: number, block: RowArrays) => Refusal | null;

/** The same of a record among others. */
type RecordDecoder = (records: Records, index: number, row: number, block: RowArrays) => Refusal | null;

/** The decoder of one source. Bad data never throws. */
export function createDecoder({ format, schema, maxRecordBytes }: DecoderOptions): Decoder {
  let bound: BoundSchema | null = null;
  let decodeRow: RowDecoder = () => refuse('missing-feature', 'no record so far tells the features of the schema');
  let roomFor = createBlockRoom({ inputs: 0, targets: 0 });

  function bind(known: BoundSchema): void {
    bound = known;
    const inputs = known.features.reduce((sum, feature) => sum + widthOf(feature), 0);
    roomFor = createBlockRoom({ inputs, targets: targetWidth(known.target) });
    decodeRow = createRowDecoder(known, format);
  }

  const value = createSpan();
  const decodeRecord: RecordDecoder = (records, index, row, block) => {
    if (!records.readValue(index, value)) return refuse('tombstone', 'the record has no value');
    const bytes = value.to - value.from;
    if (bytes > maxRecordBytes)
      return refuse('too-large', `${bytes} bytes or more, source.maxRecordBytes is ${maxRecordBytes}`);
    return decodeRow(value, row, block);
  };

  if (schema) bind(schema);
  return {
    get schema() {
      return bound;
    },
    decode(chunk) {
      if (!bound) {
        const inferred = inferFrom(chunk, format, maxRecordBytes);
        if (inferred) bind(inferred);
      }
      return decodeChunk(chunk, roomFor(chunk.records.length), decodeRecord);
    },
  };
}

function decodeChunk({ records }: Chunk, block: RowArrays, decodeRecord: RecordDecoder): Block {
  const capacity = records.length;
  const recordIndex = new Int32Array(capacity);
  const rejections: Rejection[] = [];
  let count = 0;
  for (let index = 0; index < capacity; index++) {
    const refusal = decodeRecord(records, index, count, block);
    if (refusal) rejections.push({ index, ...refusal });
    else recordIndex[count++] = index;
  }
  return { ...block, count, recordIndex, rejections };
}

/** The schema that the first telling record of a chunk gives: one that also reads as a sample of that schema. */
function inferFrom({ records }: Chunk, format: RecordFormat, maxRecordBytes: number): BoundSchema | null {
  const value = createSpan();
  for (let index = 0; index < records.length; index++) {
    if (!records.readValue(index, value) || value.to - value.from > maxRecordBytes) continue;
    const schema = format.infer(viewOf(value));
    if (schema && reads(schema, format, value)) return schema;
  }
  return null;
}

function reads(schema: BoundSchema, format: RecordFormat, value: Span): boolean {
  const width = schema.features.reduce((sum, feature) => sum + widthOf(feature), 0);
  const block = {
    inputs: new Float32Array(width),
    targets: new Float32Array(targetWidth(schema.target)),
    labelled: new Uint8Array(1),
    weights: new Float32Array(1),
  };
  return createRowDecoder(schema, format)(value, 0, block) === null;
}

function createRowDecoder(schema: BoundSchema, format: RecordFormat): RowDecoder {
  const reader = format.reader(schema);
  const encoders = schema.features.map(createFeatureEncoder);
  const widths = schema.features.map(widthOf);
  const inputs = widths.reduce((sum, width) => sum + width, 0);
  const targets = targetWidth(schema.target);
  const decodeLabel = createLabelDecoder(schema.target);
  const raw: RawSample = { features: [], label: [], weight: undefined };
  const fast = format.fastRow(schema);
  return (value, row, block) => {
    if (fast?.(value, row, block)) return null;
    const unreadable = reader.read(viewOf(value), raw);
    if (unreadable) return unreadable;
    // A record refused halfway leaves its cells behind, and encoders expect zeros.
    block.inputs.fill(0, row * inputs, (row + 1) * inputs);
    block.targets.fill(0, row * targets, (row + 1) * targets);
    for (let i = 0, at = row * inputs; i < encoders.length; at += widths[i++]) {
      const refusal = encoders[i](raw.features[i], block.inputs, at);
      if (refusal) return refusal;
    }
    const label = decodeLabel(raw.label, block.targets, row * targets);
    if (typeof label !== 'string') return label;
    block.labelled[row] = label === 'labelled' ? 1 : 0;
    return decodeWeight(raw.weight, row, block);
  };
}

function decodeWeight(weight: unknown, row: number, block: RowArrays): Refusal | null {
  block.weights[row] = 1;
  if (weight === undefined || weight === null) return null;
  if (typeof weight === 'number') block.weights[row] = weight;
  const usable = typeof weight === 'number' && weight >= 0 && Number.isFinite(block.weights[row]);
  return usable ? null : refuse('bad-weight', `the weight is ${show(weight)}, not a finite number of at least 0`);
}
