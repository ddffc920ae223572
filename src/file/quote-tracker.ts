// Tells whether a position in a CSV input lies inside a quoted field, across any number of buffers (RFC 4180).

const QUOTE = 0x22;
const COMMA = 0x2c;
/** Last byte of the UTF-8 byte order mark. */
const MARK_END = 0xbf;

export interface QuoteTracker {
  /** Turns to the next buffer of the input. */
  enter(bytes: Buffer): void;
  /**
   * Takes in the quotes before index `stop` and tells whether a quoted field is open there.
   * `recordStart` is the index at which the unfinished record starts, or -1 if in an earlier buffer.
   */
  isOpenAt(stop: number, recordStart: number): boolean;
  /** A record has ended: no field is open. */
  reset(): void;
}

/** A quote opens a field only at the field's start: a stray one inside an unquoted field swallows nothing. */
export function createQuoteTracker(): QuoteTracker {
  let bytes: Buffer = Buffer.alloc(0);
  /** Bytes of all earlier buffers: makes a position that survives the end of one. */
  let base = 0;
  let lastByte = 0;
  let quote = -1;
  let isOpen = false;
  let closedAt = -2;
  let isFirstRecord = true;

  function startsField(recordStart: number): boolean {
    const previous = quote > 0 ? bytes[quote - 1] : lastByte;
    return quote === recordStart || previous === COMMA || (isFirstRecord && previous === MARK_END);
  }

  return {
    enter(next) {
      if (bytes.length > 0) lastByte = bytes[bytes.length - 1];
      base += bytes.length;
      bytes = next;
      quote = bytes.indexOf(QUOTE);
    },
    isOpenAt(stop, recordStart) {
      while (quote !== -1 && quote < stop) {
        const position = base + quote;
        if (isOpen) {
          isOpen = false;
          closedAt = position;
        } else {
          // Right after a closing quote: `""` inside a quoted field is an escaped quote (rule 7 of the RFC).
          isOpen = closedAt === position - 1 || startsField(recordStart);
        }
        quote = bytes.indexOf(QUOTE, quote + 1);
      }
      return isOpen;
    },
    reset() {
      isOpen = false;
      isFirstRecord = false;
    },
  };
}
