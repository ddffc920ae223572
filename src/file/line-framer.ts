// Cuts a stream of bytes into records without looking at their text, so that framing keeps up with the disk.
// Where a record ends depends on the bytes alone, never on how they were split into reads: a resumed run must count
// the same records as the first one.

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

export interface LineFramerOptions {
  /** CSV: a field in double quotes may hold line ends (RFC 4180, section 2, rule 6). */
  readonly quoted: boolean;
  /** The longest record that may pass whole, in bytes. */
  readonly maxRecordBytes: number;
}

export interface LineFramer {
  /** Appends the records that `bytes` completes to `out`; they share its memory, which must not change again. */
  push(bytes: Buffer, out: Uint8Array[]): void;
  /** Appends the last record if the input does not end with a line end. */
  end(out: Uint8Array[]): void;
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
export function createLineFramer({ quoted, maxRecordBytes }: LineFramerOptions): LineFramer {
  const keepBytes = maxRecordBytes + 1;
  // The unfinished record of earlier pushes: its first bytes, at most keepBytes of them, and its whole length so far.
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  let length = 0;
  let isFirst = true;
  let inQuotes = false;
  let lastByte = NEWLINE;
  /** Bytes of all earlier pushes: makes a position that survives the end of a buffer. */
  let base = 0;
  let closedAt = -2;

  function atQuote(bytes: Buffer, index: number, start: number): void {
    const position = base + index;
    if (inQuotes) {
      inQuotes = false;
      closedAt = position;
      return;
    }
    const opensRecord = length === 0 && index === start;
    const previous = index > 0 ? bytes[index - 1] : lastByte;
    // Right after a closing quote: `""` inside a quoted field, an escaped quote (rule 7 of the RFC).
    if (opensRecord || previous === COMMA || closedAt === position - 1 || (isFirst && previous === 0xbf)) {
      inQuotes = true;
    }
  }

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
    if (isFirst && BYTE_ORDER_MARK.every((byte, index) => record[index] === byte)) from = BYTE_ORDER_MARK.length;
    if (isWhole && to > from && record[to - 1] === CARRIAGE_RETURN) to -= 1;
    isFirst = false;
    inQuotes = false;
    if (to > from) out.push(from === 0 && to === record.length ? record : record.subarray(from, to));
  }

  function finishKept(out: Uint8Array[]): void {
    const record = kept.length === 1 ? kept[0] : Buffer.concat(kept, keptBytes);
    const isWhole = length <= keepBytes;
    kept = [];
    keptBytes = 0;
    length = 0;
    emit(record, isWhole, out);
  }

  return {
    push(bytes, out) {
      let start = 0;
      let search = 0;
      let quote = quoted ? bytes.indexOf(QUOTE) : -1;
      for (;;) {
        const newline = bytes.indexOf(NEWLINE, search);
        const stop = newline === -1 ? bytes.length : newline;
        while (quote !== -1 && quote < stop) {
          atQuote(bytes, quote, start);
          quote = bytes.indexOf(QUOTE, quote + 1);
        }
        if (newline === -1) break;
        search = newline + 1;
        const recordBytes = length + newline - start;
        if (inQuotes && recordBytes <= keepBytes) continue;
        if (length > 0) {
          keep(bytes, start, newline);
          finishKept(out);
        } else if (newline > start) {
          const end = Math.min(newline, start + keepBytes);
          emit(bytes.subarray(start, end), end === newline, out);
        }
        isFirst = false;
        start = search;
      }
      keep(bytes, start, bytes.length);
      if (bytes.length > 0) lastByte = bytes[bytes.length - 1];
      base += bytes.length;
    },

    end(out) {
      if (length > 0) finishKept(out);
    },
  };
}
