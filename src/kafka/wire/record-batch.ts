// Record batches (magic 2) written straight into one buffer: nothing is allocated for a record.
// Source: Apache Kafka, "Record Batch" in the message format (KIP-98).

import { crc32c } from '@platformatic/kafka';
import { fixedText, overhangMax, writeFixedText } from '../../sample/fixed-text.ts';
import {
  createParts,
  type OutputRecords,
  type RecordParts,
  readParts,
  sourceHeader,
} from '../../sample/packed-records.ts';
import { copyBytes, copyWords, createPage, freePage, type Page } from '../../sample/page.ts';
import { varintBytes, writeVarint } from './varint.ts';

/** Who wrote a batch, for the broker's duplicate and fencing checks. */
export interface BatchProducer {
  readonly id: bigint;
  readonly epoch: number;
  /** Whether the batch belongs to a transaction. */
  readonly isTransactional: boolean;
}

export interface RecordBatch {
  readonly records: number;
  readonly bytes: number;
  /** Appends record `row`; false, with nothing changed, where it does not fit in `bytesMax` beside others. */
  append(records: OutputRecords, row: number): boolean;
  /** The batch's bytes, to be sent any number of times; nothing may be appended afterwards. */
  seal(producer: BatchProducer, firstSequence: number): Buffer;
  /** Frees its memory: nothing may send it any more. */
  free(): void;
}

const headerBytes = 61;
/** Where the part that the checksum covers begins. */
const attributesAt = 21;
const transactionalBit = 1 << 4;
const firstBytes = 16_384;

/** An empty batch that takes at most `bytesMax` bytes, or one record; about `bytesLikely` are made room for at once. */
export function createRecordBatch(bytesMax: number, bytesLikely = 0): RecordBatch {
  let page = createPage(Math.min(Math.max(firstBytes, bytesLikely), bytesMax));
  let end = headerBytes;
  let records = 0;
  let firstTimestamp = 0;
  let maxTimestamp = 0;

  function makeRoom(size: number): void {
    const smaller = page;
    const { length } = smaller.bytes;
    if (size <= length) return;
    page = createPage(Math.max(size, Math.min(2 * length, bytesMax + overhangMax)));
    smaller.bytes.copy(page.bytes, 0, 0, end);
    freePage(smaller);
  }

  return {
    get records() {
      return records;
    },
    get bytes() {
      return end;
    },
    append(from, row) {
      readParts(from, row, parts);
      const timestamp = Number.isNaN(parts.timestampMs) ? Date.now() : parts.timestampMs;
      if (records === 0) firstTimestamp = timestamp;
      const body = bodyBytes(parts, timestamp - firstTimestamp, records);
      const size = end + varintBytes(body) + body;
      if (records > 0 && size > bytesMax) return false;
      makeRoom(size + overhangMax);
      end = writeRecord(page, end, parts, {
        body,
        timestampDelta: timestamp - firstTimestamp,
        offsetDelta: records,
      });
      if (timestamp > maxTimestamp) maxTimestamp = timestamp;
      records++;
      return true;
    },
    seal(producer, firstSequence) {
      const batch = page.bytes.subarray(0, end);
      batch.writeBigInt64BE(0n, 0);
      batch.writeInt32BE(end - 12, 8);
      batch.writeInt32BE(-1, 12);
      batch.writeInt8(2, 16);
      batch.writeInt16BE(producer.isTransactional ? transactionalBit : 0, attributesAt);
      batch.writeInt32BE(records - 1, 23);
      batch.writeBigInt64BE(BigInt(firstTimestamp), 27);
      batch.writeBigInt64BE(BigInt(maxTimestamp), 35);
      batch.writeBigInt64BE(producer.id, 43);
      batch.writeInt16BE(producer.epoch, 51);
      batch.writeInt32BE(firstSequence, 53);
      batch.writeInt32BE(records, 57);
      batch.writeUInt32BE(crc32c(batch.subarray(attributesAt)), 17);
      return batch;
    },
    free: () => freePage(page),
  };
}

interface RecordPlace {
  readonly body: number;
  readonly timestampDelta: number;
  readonly offsetDelta: number;
}

/** Bytes of a record without its leading length. */
function bodyBytes(record: RecordParts, timestampDelta: number, offsetDelta: number): number {
  const { key, hasKey, headers, valueFrom, valueTo, sourceTo } = record;
  let bytes = 1 + varintBytes(timestampDelta) + varintBytes(offsetDelta);
  bytes += fieldBytes(hasKey ? key.to - key.from : -1) + fieldBytes(valueTo - valueFrom);
  bytes += varintBytes(headerCount(record));
  for (const [name, content] of headers) bytes += fieldBytes(headerName(name).length) + fieldBytes(content.length);
  if (sourceTo >= 0) bytes += sourceName.length + fieldBytes(sourceTo - valueTo);
  return bytes;
}

function headerCount({ headers, sourceTo }: RecordParts): number {
  return headers.length + (sourceTo >= 0 ? 1 : 0);
}

function writeRecord(page: Page, start: number, record: RecordParts, place: RecordPlace): number {
  const { key, hasKey, headers, valueFrom, valueTo, sourceTo } = record;
  const { bytes: buffer } = page;
  let at = writeVarint(buffer, start, place.body);
  buffer[at++] = 0;
  at = writeVarint(buffer, at, place.timestampDelta);
  at = writeVarint(buffer, at, place.offsetDelta);
  at = hasKey ? writeField(buffer, at, key.bytes, key.from, key.to) : writeVarint(buffer, at, -1);
  at = valueTo < valueFrom ? writeVarint(buffer, at, -1) : writeOwn(page, at, record, valueFrom, valueTo);
  at = writeVarint(buffer, at, headerCount(record));
  for (const [name, content] of headers) {
    at = writeField(buffer, at, headerName(name), 0, headerName(name).length);
    at = writeField(buffer, at, content, 0, content.length);
  }
  if (sourceTo < 0) return at;
  return writeOwn(page, writeFixedText(page.view, at, sourceName), record, valueTo, sourceTo);
}

/** Writes a field that lies in the record's own bytes. */
function writeOwn({ bytes, view }: Page, start: number, record: RecordParts, from: number, to: number): number {
  const at = writeVarint(bytes, start, to - from);
  return record.view ? copyWords(view, at, record.view, from, to) : copyBytes(bytes, at, record.bytes, from, to);
}

/** Bytes of a field of a length that is not negative, else of the word for null, which is a length of −1. */
function fieldBytes(length: number): number {
  return length < 0 ? 1 : varintBytes(length) + length;
}

function writeField(buffer: Buffer, start: number, field: Uint8Array, from: number, to: number): number {
  return copyBytes(buffer, writeVarint(buffer, start, to - from), field, from, to);
}

/** The name of the header, with its length before it. */
const sourceName = fixedText(String.fromCharCode(2 * sourceHeader.length) + sourceHeader);
const parts = createParts();

/** Names of headers as bytes: few are different, so each is encoded once. */
const headerNames = new Map<string, Uint8Array>();
const headerNamesMax = 1000;

function headerName(name: string): Uint8Array {
  const known = headerNames.get(name);
  if (known) return known;
  const bytes = Buffer.from(name);
  if (headerNames.size < headerNamesMax) headerNames.set(name, bytes);
  return bytes;
}
