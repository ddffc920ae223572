// Output records as the lines of a file or of standard output.

import type { OutputRecord } from '../sample/record.ts';
import { renderDeadLetterLine } from './dead-letter-line.ts';

/** `value`: the record's bytes as they are. `dead-letter`: one JSON object with the reason, key, bytes and headers. */
export type Render = 'value' | 'dead-letter';

const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);

/** All records as one run of bytes, each followed by a line end. */
export function renderLines(records: readonly OutputRecord[], render: Render): Buffer {
  const lines = records.map((record) =>
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
