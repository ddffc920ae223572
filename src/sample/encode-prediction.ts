// Predictions as output records, their JSON written straight into one stretch of bytes: key, headers and timestamp of the
// sample are kept.

import type { Block } from './block.ts';
import { fixedText, overhangMax, writeFixedText } from './fixed-text.ts';
import type { PackedRecords } from './packed-records.ts';
import { createPage, type Page, pageOf } from './page.ts';
import type { Chunk } from './record.ts';
import { type TargetSpec, targetWidth } from './schema.ts';
import { numberBytesMax, writeFloat32, writeInteger, writeText } from './write-number.ts';

/** What a prediction's value holds besides prediction, probability and model version. */
export interface PredictionFields {
  readonly label: boolean;
  readonly loss: boolean;
}

/** What the learner says of a block's rows. */
export interface PredictedRows {
  /** The network's outputs. [count × outputs] */
  readonly outputs: Float32Array;
  readonly losses: Float32Array;
  readonly versions: Float64Array;
}

/** What a prediction's bytes are made of besides what is predicted. */
export interface PredictedSamples extends Pick<Block, 'count' | 'targets' | 'labelled'> {
  /** The samples' source without their offsets: `topic/partition/`. */
  readonly place: string;
  /** [count] */
  readonly offsets: Float64Array;
}

/** Value and source of each prediction, as `PackedRecords` has them. */
export interface PackedBytes {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly ends: Int32Array<ArrayBuffer>;
}

/** The bytes of the predictions of some samples, in order. */
export type PredictionWriter = (samples: PredictedSamples, predicted: PredictedRows) => PackedBytes;

/** The predictions of a block's rows, in order. */
export type PredictionEncoder = (chunk: Chunk, block: Block, predicted: PredictedRows) => PackedRecords;

/** Writes a part of a row's JSON at `at`; gives where it ends. */
type PartWriter = (page: Page, at: number, values: Float32Array, first: number) => number;

const versionKey = fixedText(',"modelVersion":');
const labelKey = fixedText(',"label":');
const lossKey = fixedText(',"loss":');
const CLOSE = 0x7d;

/** The encoder for a target: what its writer writes, as records. */
export function createPredictionEncoder(target: TargetSpec, fields: PredictionFields): PredictionEncoder {
  const write = createPredictionWriter(target, fields);
  let offsets = new Float64Array(0);
  return (chunk, block, predicted) => {
    if (offsets.length < block.count) offsets = new Float64Array(block.count);
    const { targets, labelled, count } = block;
    const samples = { count, targets, labelled, place: placeOf(chunk), offsets };
    copyOffsets(chunk, block, offsets);
    return packedRecords(chunk, block, write(samples, predicted));
  };
}

/** Where the samples of a chunk come from, without their offsets. */
export function placeOf({ origin, partition }: Chunk): string {
  return `${origin}/${partition}/`;
}

/** Fills in the offset of each of a block's samples. */
export function copyOffsets(
  { records }: Chunk,
  { count, recordIndex }: Pick<Block, 'count' | 'recordIndex'>,
  offsets: Float64Array,
): void {
  for (let row = 0; row < count; row++) offsets[row] = records.offset(recordIndex[row]);
}

/** A block's predictions as records, given their bytes. */
export function packedRecords(
  { records, partition }: Chunk,
  block: Block,
  { bytes, ends }: Pick<PackedRecords, 'bytes' | 'ends'>,
): PackedRecords {
  return { length: block.count, ...pageOf(bytes), ends, samples: records, index: block.recordIndex, partition };
}

/**
 * The writer for a target: `{"prediction": …, "probability" | "probabilities": …, "modelVersion": …}`, and label and loss
 * where they are asked for and there is a label. Numbers have the fewest digits that read back as the same float32.
 */
export function createPredictionWriter(target: TargetSpec, fields: PredictionFields): PredictionWriter {
  const outputs = target.type === 'regression' ? target.from.length : Math.max(1, target.classes.length);
  const width = target.type === 'binary' ? 1 : outputs;
  const targets = targetWidth(target);
  const predict = predictionWriter(target);
  const label = labelWriter(target);
  const nameBytes = target.classes.map((name) => Buffer.byteLength(JSON.stringify(String(name))));
  // Each once among the probabilities, and the longest as prediction and as label.
  const names = nameBytes.reduce((sum, bytes) => sum + bytes, 2 * Math.max(0, ...nameBytes));
  const valueBytesMax = 128 + names + (width + targets + 2) * (numberBytesMax + 4) + overhangMax;

  /** Bytes of a row, value and source, to make room for: an eighth more than in the block before. */
  let rowBytes = 128;

  function writeValue(page: Page, start: number, samples: PredictedSamples, predicted: PredictedRows, row: number) {
    const { bytes, view } = page;
    let at = predict(page, start, predicted.outputs, row * width);
    at = writeInteger(bytes, writeFixedText(view, at, versionKey), predicted.versions[row]);
    if (samples.labelled[row]) {
      if (fields.label) at = label(page, writeFixedText(view, at, labelKey), samples.targets, row * targets);
      if (fields.loss) at = writeFloat32(bytes, writeFixedText(view, at, lossKey), predicted.losses[row]);
    }
    bytes[at] = CLOSE;
    return at + 1;
  }

  return (samples, predicted) => {
    const { count, offsets } = samples;
    const place = fixedText(samples.place);
    const rowBytesMax = valueBytesMax + place.length + numberBytesMax;
    const ends = new Int32Array(2 * count);
    let page = createPage(count * rowBytes + rowBytesMax);
    let at = 0;
    for (let row = 0; row < count; row++) {
      if (at + rowBytesMax > page.bytes.length) page = largerPage(page, at + rowBytesMax);
      at = ends[2 * row] = writeValue(page, at, samples, predicted, row);
      at = ends[2 * row + 1] = writeInteger(page.bytes, writeFixedText(page.view, at, place), offsets[row]);
    }
    rowBytes = Math.ceil((1.125 * at) / Math.max(1, count));
    return { bytes: page.bytes, ends };
  };
}

function largerPage({ bytes }: Page, atLeast: number): Page {
  const grown = createPage(Math.max(2 * bytes.length, atLeast));
  bytes.copy(grown.bytes);
  return grown;
}

function predictionWriter(target: TargetSpec): PartWriter {
  if (target.type === 'regression') {
    const open = fixedText('{"prediction":');
    const values = valuesWriter(target.from.length);
    return (page, at, outputs, first) => values(page, writeFixedText(page.view, at, open), outputs, first);
  }
  const names = target.classes.map((value) => JSON.stringify(value));
  if (target.type === 'binary') {
    const opens = names.map((name) => fixedText(`{"prediction":${name},"probability":`));
    return ({ bytes, view }, at, outputs, first) => {
      const probability = outputs[first];
      return writeFloat32(bytes, writeFixedText(view, at, opens[probability >= 0.5 ? 1 : 0]), probability);
    };
  }
  const opens = names.map((name) => fixedText(`{"prediction":${name},"probabilities":{`));
  const keys = target.classes.map((value, k) => fixedText(`${k > 0 ? ',' : ''}${JSON.stringify(String(value))}:`));
  return ({ bytes, view }, start, outputs, first) => {
    let best = 0;
    for (let k = 1; k < keys.length; k++) if (outputs[first + k] > outputs[first + best]) best = k;
    let at = writeFixedText(view, start, opens[best]);
    for (let k = 0; k < keys.length; k++)
      at = writeFloat32(bytes, writeFixedText(view, at, keys[k]), outputs[first + k]);
    bytes[at] = CLOSE;
    return at + 1;
  };
}

function labelWriter(target: TargetSpec): PartWriter {
  if (target.type === 'regression') return valuesWriter(target.from.length);
  const names = target.classes.map((value) => fixedText(JSON.stringify(value)));
  return ({ view }, at, targets, first) => writeFixedText(view, at, names[targets[first]]);
}

/** One number, or several as a list. */
function valuesWriter(count: number): PartWriter {
  if (count === 1) return ({ bytes }, at, values, first) => writeFloat32(bytes, at, values[first]);
  return ({ bytes }, start, values, first) => {
    let at = writeText(bytes, start, '[');
    for (let k = 0; k < count; k++) {
      if (k > 0) at = writeText(bytes, at, ',');
      at = writeFloat32(bytes, at, values[first + k]);
    }
    return writeText(bytes, at, ']');
  };
}
