// The newest rows of facts in a ring. Nothing is summed here: a report fills a fresh tally from the ring, oldest row
// first, so the windowed figures are exact, cannot drift, and are the same bits after a restore. A sample costs a copy.

import type { StateRoom } from './state-room.ts';

/** A ring of the newest `size` rows. `rows` and `count` are its whole state. */
export interface Window {
  /** [size × facts], row-major; the row pushed as number n lies at n mod size. */
  readonly rows: Float64Array;
  /** Rows pushed since the beginning. [1] */
  readonly count: Float64Array;
  /** Takes the first `count` rows of `source`, in order. */
  push(source: Float64Array, count: number): void;
  /** Calls `add` with the ring's rows from oldest to newest, in one or two runs [from, to). */
  visit(add: (rows: Float64Array, from: number, to: number) => void): void;
}

/** Copies `length` numbers: long runs at memory speed, short ones without making views. */
function copy(from: Float64Array, fromIndex: number, to: Float64Array, toIndex: number, length: number): void {
  if (length > 64) to.set(from.subarray(fromIndex, fromIndex + length), toIndex);
  else for (let index = 0; index < length; index++) to[toIndex + index] = from[fromIndex + index];
}

/** An empty ring for `size` rows of `facts` numbers. */
export function createWindow(size: number, facts: number, room: StateRoom): Window {
  const rows = room(size * facts);
  const count = room(1);
  return {
    rows,
    count,
    push(source, pushed) {
      let done = 0;
      while (done < pushed) {
        const place = count[0] % size;
        const run = Math.min(pushed - done, size - place);
        copy(source, done * facts, rows, place * facts, run * facts);
        done += run;
        count[0] += run;
      }
    },
    visit(add) {
      const place = count[0] % size;
      if (count[0] > size) add(rows, place, size);
      add(rows, 0, count[0] === size ? size : place);
    },
  };
}
