// Passes values from one that pushes to one that pulls, with nothing stored in between: an offer is settled only when
// its value was taken, and that is how a slow pipeline stops the fetch.

/** A value held out to the puller. */
export interface Offer {
  /** true once taken; false once the handoff ended without it. */
  readonly taken: Promise<boolean>;
  /** Takes the value back. False if it is gone already. */
  withdraw(): boolean;
}

export interface Handoff<T> {
  offer(value: T): Offer;
  /** The next value; null once ended. Throws what `fail` was given. */
  take(): Promise<T | null>;
  /** No more values: what is still on offer is dropped. */
  end(): void;
  /** Ends with an error for the puller. The first end or failure counts. */
  fail(error: Error): void;
  readonly ended: boolean;
  /** Rejects with what `fail` was given, for whoever does not pull yet; never resolves. */
  readonly failed: Promise<never>;
}

interface Pending<T> {
  readonly value: T;
  readonly settle: (taken: boolean) => void;
}

interface Taker<T> {
  resolve(value: T | null): void;
  reject(error: Error): void;
}

export function createHandoff<T>(): Handoff<T> {
  const offers: Pending<T>[] = [];
  let taker: Taker<T> | null = null;
  let ended = false;
  let failure: Error | null = null;
  const failed = Promise.withResolvers<never>();
  // Nobody may be listening.
  failed.promise.catch(() => {});

  const finish = (error: Error | null) => {
    if (ended) return;
    ended = true;
    failure = error;
    if (error) failed.reject(error);
    for (const { settle } of offers.splice(0)) settle(false);
    if (error) taker?.reject(error);
    else taker?.resolve(null);
    taker = null;
  };

  return {
    offer(value) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const pending = { value, settle: resolve };
      if (ended) resolve(false);
      else if (taker) {
        taker.resolve(value);
        taker = null;
        resolve(true);
      } else offers.push(pending);
      const withdraw = () => {
        const index = offers.indexOf(pending);
        if (index >= 0) offers.splice(index, 1);
        return index >= 0;
      };
      return { taken: promise, withdraw };
    },
    take() {
      if (failure) return Promise.reject(failure);
      const next = offers.shift();
      if (next) {
        next.settle(true);
        return Promise.resolve(next.value);
      }
      if (ended) return Promise.resolve(null);
      const { promise, resolve, reject } = Promise.withResolvers<T | null>();
      taker = { resolve, reject };
      return promise;
    },
    failed: failed.promise,
    end: () => finish(null),
    fail: finish,
    get ended() {
      return ended;
    },
  };
}
