// `--samples N`: the first N records of a stream of chunks.

import { Observable, type OperatorFunction } from 'rxjs';
import { type Chunk, takeRecords } from '../sample/record.ts';

/**
 * 1. Passes chunks (and nulls, which tell of silence) on until `limit` records have gone by.
 * 2. Cuts the chunk in which the limit falls, so that its `nextOffset` is where a later run goes on.
 * 3. Completes with the limit, unsubscribing from the source; a limit of 0 completes at once.
 */
export function limitRecords(limit: number): OperatorFunction<Chunk | null, Chunk | null> {
  return (source$) =>
    new Observable((subscriber) => {
      let left = limit;
      if (left <= 0) return subscriber.complete();
      return source$.subscribe({
        next(chunk) {
          if (!chunk) return subscriber.next(chunk);
          const cut = takeRecords(chunk, left);
          left -= cut.records.length;
          subscriber.next(cut);
          if (left <= 0) subscriber.complete();
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}
