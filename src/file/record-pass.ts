// One pass over an input from its first record to its last: bytes read on demand, framed, in batches.

import type { ByteReader } from './byte-reader.ts';
import type { Framer } from './framer.ts';

export interface RecordPass {
  /** The next records, at least one; null at the end, or soon after `signal` aborts. */
  next(signal: AbortSignal | null): Promise<readonly Uint8Array[] | null>;
  /** Takes the first record away (a CSV header); null if the input has none. */
  takeFirst(signal: AbortSignal | null): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** Joins a reader and a framer; closing the pass closes the reader. */
export function createRecordPass(reader: ByteReader, framer: Framer): RecordPass {
  let ahead: readonly Uint8Array[] = [];
  let hasEnded = false;

  async function next(signal: AbortSignal | null): Promise<readonly Uint8Array[] | null> {
    if (ahead.length > 0) {
      const records = ahead;
      ahead = [];
      return records;
    }
    const records: Uint8Array[] = [];
    while (records.length === 0 && !hasEnded) {
      const bytes = await reader.read(signal);
      // An aborted read says nothing of where the input ends: the half record must not pass for a whole one.
      if (signal?.aborted) return null;
      if (bytes === null) {
        hasEnded = true;
        framer.end(records);
      } else {
        framer.push(bytes, records);
      }
    }
    return records.length > 0 ? records : null;
  }

  return {
    next,
    async takeFirst(signal) {
      const records = await next(signal);
      if (records === null) return null;
      ahead = records.slice(1);
      return records[0];
    },
    close: () => reader.close(),
  };
}
