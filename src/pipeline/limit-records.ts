// `--samples N`: the first N records of a stream of chunks.

import { defer, EMPTY, map, type OperatorFunction, takeWhile } from 'rxjs';
import { type Chunk, takeRecords } from '../sample/record.ts';

/**
 * 1. Passes chunks (and nulls, which tell of silence) on until `limit` records have gone by.
 * 2. Cuts the chunk in which the limit falls, so that its `nextOffset` is where a later run goes on.
 * 3. Completes with the limit, unsubscribing from the source; a limit of 0 completes at once.
 */
export function limitRecords(limit: number): OperatorFunction<Chunk | null, Chunk | null> {
  return (source$) =>
    defer(() => {
      if (limit <= 0) return EMPTY;
      let left = limit;
      return source$.pipe(
        map((chunk) => {
          const cut = chunk && takeRecords(chunk, left);
          left -= cut?.records.length ?? 0;
          return cut;
        }),
        takeWhile(() => left > 0, true),
      );
    });
}
