// The headers of a record: read into pairs, or stepped over by one who only checks where the record ends.
// Source: Apache Kafka, "Record Header" in the message format.

import type { Headers } from '../../sample/record.ts';
import { type Cursor, readVarint } from './varint-reader.ts';

/** Of all records without any; a byte of 0 says so. */
export const noHeaders: Headers = [];
const noBytes = new Uint8Array(0);

/** The headers at the cursor of a record that ends at `end`, their values views of the bytes. */
export function readHeaders(cursor: Cursor, end: number): Headers {
  const count = readVarint(cursor);
  if (count <= 0) return noHeaders;
  const headers: [string, Uint8Array][] = [];
  for (let left = count; left > 0 && cursor.at < end; left--) {
    const name = readField(cursor);
    headers.push([name === null ? '' : name.toString('utf8'), readField(cursor) ?? noBytes]);
  }
  return headers;
}

/** Moves the cursor as `readHeaders` does, as far as the bytes go. */
export function skipHeaders(cursor: Cursor): void {
  for (let left = readVarint(cursor); left > 0 && cursor.at < cursor.bytes.length; left--) {
    skipField(cursor);
    skipField(cursor);
  }
}

/** Moves the cursor over a field; gives its length, −1 for null. */
export function skipField(cursor: Cursor): number {
  const length = readVarint(cursor);
  if (length < 0) return -1;
  cursor.at += length;
  return length;
}

function readField(cursor: Cursor): Buffer | null {
  const length = skipField(cursor);
  return length < 0 ? null : cursor.bytes.subarray(cursor.at - length, cursor.at);
}
