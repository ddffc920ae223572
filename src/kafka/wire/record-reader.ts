// Record batches (magic 2) as a fetch brings them, read straight into columns: damaged batches are refused, control records
// and what was aborted are left out, batches that compaction has emptied are stepped over.
// Source: Apache Kafka, "Record Batch" in the message format (KIP-98).

import { crc32c } from '@platformatic/kafka';
import { messageOf } from '../../errors.ts';
import type { Records } from '../../sample/record.ts';
import { type AbortedTransaction, createAbortedTransactions } from './aborted-transactions.ts';
import { decompress } from './decompress.ts';
import { bytesOf, createColumns, fetchedRecords, type RecordColumns, reserve } from './fetched-records.ts';
import { appendRecords } from './record-fields.ts';
import { type Cursor, readVarint } from './varint-reader.ts';

export interface ReadRange {
  /** Where the reader stands: a batch may begin before. */
  readonly from: number;
  /** Records from here on are not wanted. */
  readonly to: number;
  /** Batches are read until they are as long as this, decompressed, one that is of use at least; all unless said. */
  readonly bytesMax?: number;
  /** A batch that would be longer, decompressed, is refused; none unless said. */
  readonly batchBytesMax?: number;
  /** Aborted transactions that touch the bytes; null where records are wanted whatever became of them. */
  readonly aborted: readonly AbortedTransaction[] | null;
}

export interface ReadRecords {
  readonly records: Records;
  /** Where to go on: past what was left out, too. */
  readonly nextOffset: number;
  /** What the records hold: bytes that were fetched or decompressed, and columns. */
  readonly bytes: number;
  /** How many times longer than what was fetched the records are; null where no batch was read. */
  readonly growth: number | null;
}

interface BatchHeader {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly attributes: number;
  readonly producerId: bigint;
}

const headerBytes = 61;
/** Where the part that the checksum covers begins. */
const attributesAt = 21;
const compressionBits = 7;
const appendTimeBit = 1 << 3;
const transactionalBit = 1 << 4;
const controlBit = 1 << 5;
const abortMarker = 0;

/**
 * The records of a partition's fetched bytes, which they lie in. A batch that is cut off at the end is left for the next
 * fetch, as is what would be too long when decompressed. Throws, naming the offset, where a batch is damaged or of a kind
 * that is not known, or would be longer than `batchBytesMax` when decompressed.
 */
export function readRecords(bytes: Buffer, range: ReadRange): ReadRecords {
  const { from, to, bytesMax = Number.POSITIVE_INFINITY, aborted } = range;
  const transactions = aborted && createAbortedTransactions(aborted);
  const columns = createColumns();
  let nextOffset = from;
  let at = 0;
  /** Of all that was read, decompressed. */
  let length = 0;
  while (nextOffset < to && (length < bytesMax || nextOffset === from) && bytes.length - at >= headerBytes) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    const header = readHeader(batch);
    const { baseOffset, lastOffset, attributes, producerId } = header;
    length += batch.length;
    if ((attributes & controlBit) !== 0) {
      if (markerType(batch) === abortMarker) transactions?.end(producerId, lastOffset);
    } else {
      const isTransactional = (attributes & transactionalBit) !== 0;
      const isAborted = isTransactional && transactions?.covers(producerId, lastOffset);
      if (!isAborted && lastOffset >= from)
        length += readBatch(columns, { bytes, at, end }, header, range) - batch.length;
    }
    nextOffset = Math.max(nextOffset, Math.min(lastOffset + 1, to));
    at = end;
    if (baseOffset >= to) break;
  }
  const growth = at === 0 ? null : length / at;
  return { records: fetchedRecords(columns), nextOffset, bytes: bytesOf(columns), growth };
}

function readHeader(batch: Buffer): BatchHeader {
  const baseOffset = Number(batch.readBigInt64BE(0));
  const magic = batch[16];
  if (magic !== 2)
    throw new Error(`the record batch at offset ${baseOffset} is of format ${magic}: Millrace reads format 2`);
  if (batch.readUInt32BE(17) !== crc32c(batch.subarray(attributesAt)))
    throw new Error(`the record batch at offset ${baseOffset} is damaged: its checksum is another one`);
  return {
    baseOffset,
    attributes: batch.readInt16BE(attributesAt),
    lastOffset: baseOffset + batch.readInt32BE(23),
    producerId: batch.readBigInt64BE(43),
  };
}

/** What a control batch marks: 0 the abort of its producer's transaction, 1 a commit. */
function markerType(batch: Buffer): number {
  const cursor: Cursor = { bytes: batch, at: headerBytes };
  readVarint(cursor);
  cursor.at++;
  readVarint(cursor);
  readVarint(cursor);
  readVarint(cursor);
  // The key: a version, then the type.
  return cursor.at + 4 <= batch.length ? batch.readInt16BE(cursor.at + 2) : -1;
}

/** Where a batch lies in what was fetched. */
interface BatchPlace {
  readonly bytes: Buffer;
  readonly at: number;
  readonly end: number;
}

/** Reads a batch; gives the length of its records, decompressed. */
function readBatch(
  columns: RecordColumns,
  { bytes, at, end }: BatchPlace,
  { baseOffset, attributes }: BatchHeader,
  { from, to, batchBytesMax = Number.POSITIVE_INFINITY }: ReadRange,
): number {
  const compression = attributes & compressionBits;
  const batch = bytes.subarray(at, end);
  try {
    const inflated = compression === 0 ? null : decompress(batch.subarray(headerBytes), compression, batchBytesMax);
    const count = batch.readInt32BE(57);
    const records = inflated ?? batch;
    reserve(columns, { count, bytes: records.length, doneBytes: end, restBytes: bytes.length - end });
    const place = {
      bytes: records,
      at: inflated ? 0 : headerBytes,
      buffer: bufferNumber(columns, inflated ?? bytes),
      start: inflated ? 0 : at,
      count,
      baseOffset,
      baseTimestampMs: Number(batch.readBigInt64BE(27)),
      appendedMs: (attributes & appendTimeBit) === 0 ? Number.NaN : Number(batch.readBigInt64BE(35)),
    };
    appendRecords(columns, place, from, to);
    return records.length;
  } catch (error) {
    throw new Error(`the record batch at offset ${baseOffset} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** The number of a buffer that the next records lie in. */
function bufferNumber({ buffers }: RecordColumns, bytes: Buffer): number {
  if (buffers.at(-1) !== bytes) buffers.push(bytes);
  return buffers.length - 1;
}
