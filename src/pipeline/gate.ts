// The gate of a run that can be paused: while it is shut nothing is pulled, and the source holds what it has read ahead.

import type { RunControl } from './control.ts';

/**
 * 1. Passes every item on, in order, pulling one at a time.
 * 2. Pulls nothing while the run is paused; an item that was pulled before still goes by.
 * 3. Goes on when the run is resumed, or when `signal` aborts: then it is for the source to end.
 * 4. Ends and fails as the iterable does; returning early returns the iterable.
 */
export async function* gated<T>(items: AsyncIterable<T>, control: RunControl, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      if (control.paused) await control.whenResumed(signal);
      const result = await iterator.next();
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } finally {
    if (!ended) await iterator.return?.();
  }
}
