// The predictions that every contender writes, made before the clock starts: packed as a run packs them, with key and time of
// the samples that they are of.

import { createRecordBatch } from '../../../src/kafka/wire/record-batch.ts';
import { readRecords } from '../../../src/kafka/wire/record-reader.ts';
import type { Block } from '../../../src/sample/block.ts';
import { createPredictionEncoder } from '../../../src/sample/encode-prediction.ts';
import type { PackedRecords } from '../../../src/sample/packed-records.ts';
import type { Records } from '../../../src/sample/record.ts';

export const partitions = 4;
export const input = 'bench-in';

/** Few, so that the sends of a client that fills one partition after the other have some of each. */
const pieceRecords = 500;

export interface Piece {
  /** A record batch of the input, as a fetch brings it: the samples lie in it. */
  readonly fetched: Buffer<ArrayBuffer>;
  readonly predictions: PackedRecords;
}

/** Predictions of about 90 bytes each, the same ones each time, in pieces of one partition each by turns. */
export function makePieces(records: number): Piece[] {
  const encode = createPredictionEncoder(
    { type: 'binary', from: ['label'], classes: [0, 1] },
    { label: true, loss: true },
  );
  const nextOffsets = new Array<number>(partitions).fill(0);
  const pieces: Piece[] = [];
  for (let made = 0; made < records; made += pieceRecords) {
    const count = Math.min(pieceRecords, records - made);
    const partition = pieces.length % partitions;
    const fetched = fetchedSamples(made, count, nextOffsets[partition]);
    nextOffsets[partition] += count;
    const samples = samplesIn(fetched);
    const chunk = { origin: input, partition, records: samples, nextOffset: nextOffsets[partition] };
    pieces.push({ fetched, predictions: encode(chunk, labelledBlock(count), predicted(made, count)) });
  }
  return pieces;
}

/** The samples of a fetched batch. */
export function samplesIn(fetched: Buffer): Records {
  return readRecords(fetched, { from: 0, to: Number.POSITIVE_INFINITY, aborted: null }).records;
}

/** Samples as a broker has them: keys are their numbers, and values, which no prediction has, are left out. */
function fetchedSamples(first: number, count: number, baseOffset: number): Buffer<ArrayBuffer> {
  const batch = createRecordBatch(1 << 20);
  const made = Array.from({ length: count }, (_, row) => {
    const key = Buffer.from(String(first + row));
    return { key, value: null, headers: [], timestampMs: 1_700_000_000_000 + first + row, partition: null };
  });
  for (const row of made.keys()) batch.append(made, row);
  const sealed = batch.seal({ id: -1n, epoch: -1, isTransactional: false }, 0);
  // In memory of its own, which a thread can be given.
  const bytes = Buffer.allocUnsafeSlow(sealed.length);
  sealed.copy(bytes);
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  return bytes;
}

function labelledBlock(count: number): Block {
  const none = new Float32Array(0);
  return {
    count,
    recordIndex: Int32Array.from({ length: count }, (_, row) => row),
    targets: new Float32Array(count).map((_, row) => row % 2),
    labelled: new Uint8Array(count).fill(1),
    ...{ inputs: none, weights: none, rejections: [] },
  };
}

/** Probabilities all over the place, and steps in a row. */
function predicted(first: number, count: number) {
  const outputs = new Float32Array(count).map((_, row) => ((first + row + 1) * 0.618034) % 1);
  const losses = outputs.map((output, row) => -Math.log(row % 2 === 1 ? output : 1 - output));
  return { outputs, losses, versions: new Float64Array(count).map((_, row) => first + row) };
}
