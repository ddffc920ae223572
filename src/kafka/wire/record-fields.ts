// The records of one batch as Millrace's own: keys and values are views of the batch's bytes, nothing is copied.
// Source: Apache Kafka, "Record" in the message format.

import type { Headers, SourceRecord } from '../../sample/record.ts';
import { type Cursor, readVarint } from './varint-reader.ts';

/** Where the records of a batch lie, and what they are told relative to. */
export interface RecordsPlace {
  /** Not compressed. */
  readonly bytes: Buffer;
  /** Where in `bytes` the first record begins. */
  readonly at: number;
  readonly count: number;
  readonly baseOffset: number;
  /** Negative: the records have no time. */
  readonly baseTimestampMs: number;
  /** The time of all records, whatever each of them says, where the broker has set it; else null. */
  readonly appendedMs: number | null;
}

const noHeaders: Headers = [];
const noBytes = new Uint8Array(0);

/** Appends the records whose offsets are in [from, to). Throws where the bytes are not records. */
export function appendRecords(records: SourceRecord[], place: RecordsPlace, from: number, to: number): void {
  const { bytes, baseOffset, baseTimestampMs, appendedMs } = place;
  const cursor: Cursor = { bytes, at: place.at };
  for (let left = place.count; left > 0; left--) {
    const end = readVarint(cursor) + cursor.at;
    // A byte of attributes, none of which has a meaning yet.
    cursor.at++;
    const timestampMs = baseTimestampMs + readVarint(cursor);
    const offset = baseOffset + readVarint(cursor);
    if (offset >= from && offset < to) {
      const key = readField(cursor);
      const value = readField(cursor);
      const headers = readHeaders(cursor);
      if (cursor.at !== end) throw new Error(`the record at offset ${offset} does not end where it says`);
      records.push({ key, value, headers, timestampMs: timeOf(appendedMs ?? timestampMs), offset });
    }
    // A length that leads nowhere must not lead round in circles.
    if (!(end >= cursor.at && end <= bytes.length)) throw new Error(`the record at offset ${offset} has no end`);
    cursor.at = end;
  }
}

function timeOf(timestampMs: number): number | null {
  return timestampMs >= 0 ? timestampMs : null;
}

function readHeaders(cursor: Cursor): Headers {
  const count = readVarint(cursor);
  if (count <= 0) return noHeaders;
  const headers: [string, Uint8Array][] = [];
  for (let left = count; left > 0 && cursor.at < cursor.bytes.length; left--) {
    const name = readField(cursor);
    headers.push([name === null ? '' : name.toString('utf8'), readField(cursor) ?? noBytes]);
  }
  return headers;
}

/** Length −1 stands for null. */
function readField(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const start = cursor.at;
  cursor.at = start + length;
  return cursor.bytes.subarray(start, cursor.at);
}
