// Output records as the lines of a file or of standard output.

import { type OutputRecords, type PackedRecords, unpacked, valueFrom } from '../sample/packed-records.ts';
import { copyWords, pageOf } from '../sample/page.ts';
import { renderDeadLetterLine } from './dead-letter-line.ts';

/** `value`: the record's bytes as they are. `dead-letter`: one JSON object with the reason, key, bytes and headers. */
export type Render = 'value' | 'dead-letter';

const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);

/** All records as one run of bytes, each followed by a line end. */
export function renderLines(records: OutputRecords, render: Render): Buffer {
  if ('ends' in records && render === 'value') return valueLines(records);
  const lines = unpacked(records).map((record) =>
    render === 'value' ? (record.value ?? NOTHING) : Buffer.from(renderDeadLetterLine(record)),
  );
  let size = lines.length;
  for (const line of lines) size += line.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const line of lines) {
    bytes.set(line, at);
    at += line.length;
    bytes[at] = NEWLINE;
    at += 1;
  }
  return bytes;
}

function valueLines(records: PackedRecords): Buffer {
  const { length, view: packed, ends } = records;
  let size = length;
  for (let row = 0; row < length; row++) size += ends[2 * row] - valueFrom(records, row);
  const { bytes, view } = pageOf(Buffer.allocUnsafe(size));
  let at = 0;
  for (let row = 0; row < length; row++) {
    at = copyWords(view, at, packed, valueFrom(records, row), ends[2 * row]);
    bytes[at] = NEWLINE;
    at += 1;
  }
  return bytes;
}
