// Reads the journal's entries, in as many goes as whoever follows it likes.

import type { JournalEntry } from '../pipeline/ports.ts';
import type { Chunk } from '../sample/record.ts';
import type { KafkaConnection } from './client.ts';
import { type JournalInput, parseJournalEntry } from './journal.ts';
import { createRangeReader, type RangeReader } from './range-reader.ts';

export interface JournalReaderOptions {
  readonly connection: KafkaConnection;
  /** The journal's. */
  readonly topic: string;
  readonly input: JournalInput;
  readonly start: number;
}

export interface JournalReader {
  /** The offset of the next entry. */
  readonly next: number;
  /** The entries from there up to the offset `end`; one that was stopped in between goes on in the next call. */
  entries(end: number): AsyncGenerator<JournalEntry>;
  close(): Promise<void>;
}

/** Starts to read with the first entry that is asked for. */
export function createJournalReader({ connection, topic, input, start }: JournalReaderOptions): JournalReader {
  let next = start;
  let reader: RangeReader | null = null;
  /** What the reader gave last, as long as there may be entries in it that nobody has had: it does not give it twice. */
  let held: Chunk | null = null;
  return {
    get next() {
      return next;
    },
    async *entries(end) {
      while (next < end) {
        reader ??= createRangeReader({ connection, topic: { name: topic, id: null }, start: new Map([[0, next]]) });
        held ??= await reader.next(0, next);
        if (held === null) return;
        const { records, nextOffset } = held;
        for (let index = 0; index < records.length; index++) {
          const { offset, value } = records.at(index);
          if (offset < next) continue;
          const entry = parseJournalEntry(value, input, { topic, offset });
          next = offset + 1;
          yield entry;
        }
        held = null;
        next = Math.max(next, nextOffset);
      }
    },
    async close() {
      await reader?.close();
    },
  };
}
