// Tells of silence: an async iterable with a null wherever nothing came for a while, so that work that is due can be done.

const silence = Symbol('silence');

/**
 * 1. Passes every item on, in order, pulling one at a time.
 * 2. Yields null whenever the next item has been awaited for `idleMs` since the last item or null.
 * 3. Ends and fails as the iterable does; returning early returns the iterable.
 */
export async function* withIdle<T>(items: AsyncIterable<T>, idleMs: number): AsyncGenerator<T | null> {
  const iterator = items[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = iterator.next();
      // The wait below hears of a failure; this only keeps it from counting as unhandled until then.
      next.catch(() => undefined);
      let result = await firstOf(next, idleMs);
      while (result === silence) {
        yield null;
        result = await firstOf(next, idleMs);
      }
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } finally {
    // Who leaves early does not wait, and has nobody who could hear of a failure.
    if (!ended) void iterator.return?.().catch(() => undefined);
  }
}

async function firstOf<T>(next: Promise<T>, idleMs: number): Promise<T | typeof silence> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<typeof silence>((resolve) => {
    timer = setTimeout(resolve, idleMs, silence);
  });
  try {
    return await Promise.race([next, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
