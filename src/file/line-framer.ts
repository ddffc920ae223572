// Cuts a stream of bytes into records without looking at their text, so that framing keeps up with the disk.
// Where a record ends depends on the bytes alone, never on how they were split into reads: a resumed run must count
// the same records as the first one.

import type { Framer } from './framer.ts';
import { createQuoteTracker } from './quote-tracker.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

export interface LineFramerOptions {
  /** CSV: a field in double quotes may hold line ends (RFC 4180, section 2, rule 6). */
  readonly quoted: boolean;
  /** The longest record that may pass whole, in bytes. */
  readonly maxRecordBytes: number;
}

/**
 * Frames records by these rules:
 * 1. A record ends at LF or CRLF, or at the end of the input; blank lines are skipped and not counted.
 * 2. With `quoted`, line ends inside a quoted field belong to the record. A quote opens a field only at the field's
 *    start, so a stray quote inside a field swallows nothing.
 * 3. A record longer than `maxRecordBytes` is cut to `maxRecordBytes + 1` bytes, so that decoding rejects it, and ends
 *    at the first line end after them, quoted or not: an unclosed quote costs a bounded part of the input.
 * 4. A UTF-8 byte order mark at the very start is skipped.
 */
export function createLineFramer({ quoted, maxRecordBytes }: LineFramerOptions): Framer {
  const keepBytes = maxRecordBytes + 1;
  const quotes = quoted ? createQuoteTracker() : null;
  // The unfinished record of earlier pushes: its first bytes, at most keepBytes of them, and its whole length so far.
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  let length = 0;
  let isFirst = true;

  function keep(bytes: Buffer, start: number, end: number): void {
    const room = Math.min(end - start, keepBytes - keptBytes);
    if (room > 0) {
      kept.push(bytes.subarray(start, start + room));
      keptBytes += room;
    }
    length += end - start;
  }

  function emit(record: Uint8Array, isWhole: boolean, out: Uint8Array[]): void {
    let from = 0;
    let to = record.length;
    // A cut record stays as long as it is, or decoding would not see that it was cut.
    if (isWhole && isFirst && startsWithMark(record)) from = BYTE_ORDER_MARK.length;
    if (isWhole && to > from && record[to - 1] === CARRIAGE_RETURN) to -= 1;
    if (to > from) out.push(from === 0 && to === record.length ? record : record.subarray(from, to));
  }

  function finishKept(out: Uint8Array[]): void {
    const record = kept.length === 1 ? kept[0] : Buffer.concat(kept, keptBytes);
    emit(record, length <= keepBytes, out);
    kept = [];
    keptBytes = 0;
    length = 0;
  }

  /** Ends the record that started at `start` of this buffer, or in an earlier one. */
  function finish(bytes: Buffer, start: number, newline: number, out: Uint8Array[]): void {
    if (length > 0) {
      keep(bytes, start, newline);
      finishKept(out);
    } else if (newline > start) {
      const end = Math.min(newline, start + keepBytes);
      emit(bytes.subarray(start, end), end === newline, out);
    }
    isFirst = false;
    quotes?.reset();
  }

  return {
    push(bytes, out) {
      quotes?.enter(bytes);
      let start = 0;
      let newline = bytes.indexOf(NEWLINE);
      while (newline !== -1) {
        const isQuoted = quotes?.isOpenAt(newline, length === 0 ? start : -1) ?? false;
        if (!isQuoted || length + newline - start > keepBytes) {
          finish(bytes, start, newline, out);
          start = newline + 1;
        }
        newline = bytes.indexOf(NEWLINE, newline + 1);
      }
      // Quotes after the last line end count now: the next buffer knows only its own.
      quotes?.isOpenAt(bytes.length, length === 0 ? start : -1);
      keep(bytes, start, bytes.length);
    },

    end(out) {
      if (length > 0) finishKept(out);
    },
  };
}

function startsWithMark(record: Uint8Array): boolean {
  return BYTE_ORDER_MARK.every((byte, index) => record[index] === byte);
}
