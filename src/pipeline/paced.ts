// Chunks cut to what is learnt within a moment: heartbeats, requests and commits wait for the end of a chunk, however large
// the network is.

import { setImmediate } from 'node:timers/promises';
import { type Chunk, dropRecords, takeRecords } from '../sample/record.ts';

/** What learning a chunk may take. */
const momentMs = 50;

/** Taken before anything was learnt: few, as some networks need a hundredth of a second for one. */
const firstRecords = 16;

/** How fast records are learnt, by what was learnt last. */
export interface Pace {
  /** How many of them take a moment; at least one. */
  readonly recordsMax: number;
  /** Hears that so many were learnt in so long. */
  note(records: number, ms: number): void;
}

/** The pace before anything was learnt. */
export function createPace(): Pace {
  let recordsMax = firstRecords;
  let recordMs: number | null = null;
  let isFirst = true;
  return {
    get recordsMax() {
      return recordsMax;
    },
    note(records, ms) {
      if (records === 0) return;
      // With the first chunk learner, thread and the engine's code are made ready, too.
      if (isFirst) {
        isFirst = false;
        return;
      }
      // Half of what was known, so that one stall of the machine does not cut all to pieces.
      const newest = ms / records;
      recordMs = recordMs === null ? newest : (recordMs + newest) / 2;
      recordsMax = Math.max(1, Math.floor(momentMs / recordMs));
    },
  };
}

/**
 * 1. Passes every chunk on, in order, pulling one at a time; one of more records than the pace allows in parts that it does.
 * 2. The event loop turns between two parts, and the pace is asked before each.
 * 3. Ends and fails as the iterable does; ends before the next part once `signal` aborts.
 */
export async function* paced(chunks: AsyncIterable<Chunk>, pace: Pace, signal?: AbortSignal): AsyncGenerator<Chunk> {
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.records.length > pace.recordsMax) {
      const count = pace.recordsMax;
      yield takeRecords(rest, count);
      rest = dropRecords(rest, count);
      await setImmediate();
      if (signal?.aborted) return;
    }
    yield rest;
  }
}
