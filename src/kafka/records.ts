// Records between kafkajs' messages and ours: key, value, headers and timestamp pass unchanged.

import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import { createParts, type OutputRecords, readParts, sourceHeader } from '../sample/packed-records.ts';
import type { Headers, OutputRecord, SourceRecord } from '../sample/record.ts';
import { timeOf } from './timestamp.ts';

const noBytes = new Uint8Array(0);

/** A message as a record; a tombstone (value null) and a missing key stay null. */
export function toSourceRecord(message: KafkaMessage): SourceRecord {
  const timestampMs = timeOf(Number(message.timestamp));
  return {
    key: message.key,
    value: message.value,
    headers: toHeaders(message.headers),
    timestampMs: Number.isNaN(timestampMs) ? null : timestampMs,
    offset: Number(message.offset),
  };
}

function toHeaders(headers: IHeaders | undefined): Headers {
  if (headers === undefined) return [];
  const pairs: [string, Uint8Array][] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    for (const one of Array.isArray(value) ? value : [value]) {
      // kafkajs takes a header named like a method of Object for a repeated one, and puts the function first.
      if (typeof one === 'function') continue;
      pairs.push([name, typeof one === 'string' ? Buffer.from(one) : (one ?? noBytes)]);
    }
  }
  return pairs;
}

/** A record as a message for a partition. The bytes are shared, not copied. */
export function toMessage(record: OutputRecord, partition: number): Message {
  return {
    key: asBuffer(record.key),
    value: asBuffer(record.value),
    partition,
    ...(record.headers.length === 0 ? {} : { headers: fromHeaders(record.headers) }),
    ...(record.timestampMs === null ? {} : { timestamp: String(record.timestampMs) }),
  };
}

/** Headers as kafkajs takes them: an array under a name that occurs more than once. */
function fromHeaders(headers: Headers): IHeaders {
  // No prototype: a header may be called `__proto__` or `constructor`.
  const byName: Record<string, Buffer[]> = Object.create(null);
  for (const [name, value] of headers) {
    byName[name] ??= [];
    byName[name].push(asBuffer(value));
  }
  return byName;
}

function asBuffer(bytes: Uint8Array): Buffer;
function asBuffer(bytes: Uint8Array | null): Buffer | null;
function asBuffer(bytes: Uint8Array | null): Buffer | null {
  if (bytes === null || Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// What a record costs beside its own bytes: lengths, deltas and, for a header, two more lengths.
const recordOverheadBytes = 32;
const headerOverheadBytes = 8;

const parts = createParts();

/** An upper bound of the bytes that record `row` takes in a record batch. */
export function recordBytes(records: OutputRecords, row: number): number {
  readParts(records, row, parts);
  const { key, hasKey, headers, valueFrom, valueTo, sourceTo } = parts;
  let bytes = recordOverheadBytes + (hasKey ? key.to - key.from : 0) + Math.max(0, valueTo - valueFrom);
  if (sourceTo >= 0) bytes += headerOverheadBytes + 3 * sourceHeader.length + sourceTo - valueTo;
  for (const [name, value] of headers) bytes += headerOverheadBytes + 3 * name.length + value.length;
  return bytes;
}
