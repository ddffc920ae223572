// The records of one batch into columns: where their fields lie, each checked to end where it says; nothing is copied.
// Source: Apache Kafka, "Record" in the message format.

import { timeOf } from '../timestamp.ts';
import { placeNumbers, type RecordColumns } from './fetched-records.ts';
import { skipField, skipHeaders } from './record-headers.ts';
import { type Cursor, readVarint } from './varint-reader.ts';

/** Where the records of a batch lie, and what they are told relative to. */
export interface RecordsPlace {
  /** Not compressed: the batch, or what its records were decompressed to. */
  readonly bytes: Buffer;
  /** Where in `bytes` the first record begins. */
  readonly at: number;
  /** Number of the columns' buffer that `bytes` are of, and where in it they begin. */
  readonly buffer: number;
  readonly start: number;
  readonly count: number;
  readonly baseOffset: number;
  /** Negative: the records have no time. */
  readonly baseTimestampMs: number;
  /** The time of all records, whatever each of them says, where the broker has set it; else NaN. */
  readonly appendedMs: number;
}

/** Appends the records whose offsets are in [from, to); there must be room. Throws where the bytes are not records. */
export function appendRecords(columns: RecordColumns, place: RecordsPlace, from: number, to: number): void {
  const { bytes, buffer, start, baseOffset, baseTimestampMs, appendedMs } = place;
  const { places, offsets, timestampsMs } = columns;
  const isAppended = !Number.isNaN(appendedMs);
  const cursor: Cursor = { bytes, at: place.at };
  let index = columns.length;
  for (let left = place.count; left > 0; left--) {
    const end = readVarint(cursor) + cursor.at;
    // A byte of attributes, none of which has a meaning yet.
    cursor.at++;
    const timestampMs = baseTimestampMs + readVarint(cursor);
    const offset = baseOffset + readVarint(cursor);
    if (offset >= from && offset < to) {
      const keyBytes = skipField(cursor);
      const keyFrom = cursor.at - Math.max(0, keyBytes);
      const valueBytes = skipField(cursor);
      const valueFrom = cursor.at - Math.max(0, valueBytes);
      skipHeaders(cursor);
      if (cursor.at !== end) throw new Error(`the record at offset ${offset} does not end where it says`);
      const at = placeNumbers * index;
      places[at] = buffer;
      places[at + 1] = start + keyFrom;
      places[at + 2] = start + keyFrom + keyBytes;
      places[at + 3] = start + valueFrom;
      places[at + 4] = start + valueFrom + valueBytes;
      places[at + 5] = start + end;
      offsets[index] = offset;
      timestampsMs[index] = timeOf(isAppended ? appendedMs : timestampMs);
      index++;
    }
    // A length that leads nowhere must not lead round in circles.
    if (!(end >= cursor.at && end <= bytes.length)) throw new Error(`the record at offset ${offset} has no end`);
    cursor.at = end;
  }
  columns.length = index;
}
