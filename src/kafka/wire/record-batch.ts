// Record batches (magic 2) written straight into one buffer: nothing is allocated for a record.
// Source: Apache Kafka, "Record Batch" in the message format (KIP-98).

import { crc32c } from '@platformatic/kafka';
import type { OutputRecord } from '../../sample/record.ts';
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
  /** Appends a record; false, with nothing changed, where it does not fit in `bytesMax` beside others. */
  append(record: OutputRecord): boolean;
  /** The batch's bytes, to be sent any number of times; nothing may be appended afterwards. */
  seal(producer: BatchProducer, firstSequence: number): Buffer;
}

const headerBytes = 61;
/** Where the part that the checksum covers begins. */
const attributesAt = 21;
const transactionalBit = 1 << 4;
const firstBytes = 16_384;

/** An empty batch that takes at most `bytesMax` bytes, or one record. */
export function createRecordBatch(bytesMax: number): RecordBatch {
  let buffer = Buffer.allocUnsafe(Math.min(firstBytes, bytesMax));
  let end = headerBytes;
  let records = 0;
  let firstTimestamp = 0;
  let maxTimestamp = 0;

  function makeRoom(size: number): void {
    if (size <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(size, Math.min(2 * buffer.length, bytesMax)));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  }

  return {
    get records() {
      return records;
    },
    get bytes() {
      return end;
    },
    append(record) {
      const timestamp = record.timestampMs ?? Date.now();
      if (records === 0) firstTimestamp = timestamp;
      const body = bodyBytes(record, timestamp - firstTimestamp, records);
      const size = end + varintBytes(body) + body;
      if (records > 0 && size > bytesMax) return false;
      makeRoom(size);
      end = writeRecord(buffer, end, record, {
        body,
        timestampDelta: timestamp - firstTimestamp,
        offsetDelta: records,
      });
      if (timestamp > maxTimestamp) maxTimestamp = timestamp;
      records++;
      return true;
    },
    seal(producer, firstSequence) {
      const batch = buffer.subarray(0, end);
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
  };
}

interface RecordPlace {
  readonly body: number;
  readonly timestampDelta: number;
  readonly offsetDelta: number;
}

/** Bytes of a record without its leading length. */
function bodyBytes({ key, value, headers }: OutputRecord, timestampDelta: number, offsetDelta: number): number {
  let bytes = 1 + varintBytes(timestampDelta) + varintBytes(offsetDelta) + fieldBytes(key) + fieldBytes(value);
  bytes += varintBytes(headers.length);
  for (const [name, content] of headers) bytes += fieldBytes(headerName(name)) + fieldBytes(content);
  return bytes;
}

function writeRecord(buffer: Buffer, start: number, record: OutputRecord, place: RecordPlace): number {
  let at = writeVarint(buffer, start, place.body);
  buffer[at++] = 0;
  at = writeVarint(buffer, at, place.timestampDelta);
  at = writeVarint(buffer, at, place.offsetDelta);
  at = writeField(buffer, at, record.key);
  at = writeField(buffer, at, record.value);
  at = writeVarint(buffer, at, record.headers.length);
  for (const [name, content] of record.headers) {
    at = writeField(buffer, at, headerName(name));
    at = writeField(buffer, at, content);
  }
  return at;
}

/** Length −1 stands for null. */
function fieldBytes(field: Uint8Array | null): number {
  return field === null ? 1 : varintBytes(field.length) + field.length;
}

function writeField(buffer: Buffer, start: number, field: Uint8Array | null): number {
  if (field === null) return writeVarint(buffer, start, -1);
  const at = writeVarint(buffer, start, field.length);
  // For so few bytes a call of `set` costs more than the copy.
  if (field.length < 48) for (let index = 0; index < field.length; index++) buffer[at + index] = field[index];
  else buffer.set(field, at);
  return at + field.length;
}

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
