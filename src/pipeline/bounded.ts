// The bound of the pipeline: an async iterable through RxJS stages, with at most so many items between pull and result.

import { setImmediate } from 'node:timers/promises';
import { defer, finalize, Observable, type OperatorFunction, tap } from 'rxjs';

/** Shortest stretch of work before the event loop turns, and time after which its turns come to an end. */
const turnMs = 10;

/** Longest stretch of work, however long the turns before it took. */
const stretchMsMax = 100;

/** Turns at a time: in each of them the loop accepts one connection, and clients may come by the hundred. */
const turnsMax = 100;

/** A turn shorter than this had nothing to do. */
const emptyTurnMs = 0.01;

/** A count of items in flight that one side raises and the other waits on. */
interface Gate {
  /** Resolves once fewer than the limit are in flight, and counts one more. */
  enter(): Promise<void>;
  leave(): void;
}

/** What is between source and result now. */
export interface FlightGauge {
  inFlight: number;
}

/**
 * 1. On subscription, pulls from `items` and passes each through `stages`, which must give one result for each item, in order.
 * 2. Never pulls while `limit` items have been pulled whose results have not come out: a slow stage stops the source.
 * 3. Completes when the iterable ends and every result is out; an error of the iterable or of a stage ends it at once.
 * 4. On unsubscription the iterator is told to return.
 * 5. Timers and sockets get their turn at least every few chunks' time, even where the iterable never waits for either.
 * 6. One turn deals with all that is waiting, a thousand requests if need be: the work then goes on for as long as that
 *    took, up to a limit, so that whoever asks without end has half of the time and not all of it.
 */
export function bounded<T, R>(
  items: AsyncIterable<T>,
  limit: number,
  stages: OperatorFunction<T, R>,
  gauge: FlightGauge = { inFlight: 0 },
): Observable<R> {
  return defer(() => {
    const gate = createGate(limit, gauge);
    return pulled(items, gate).pipe(
      stages,
      tap(() => gate.leave()),
      finalize(() => {
        gauge.inFlight = 0;
      }),
    );
  });
}

function pulled<T>(items: AsyncIterable<T>, gate: Gate): Observable<T> {
  return new Observable<T>((subscriber) => {
    const iterator = items[Symbol.asyncIterator]();
    const pull = async () => {
      let stretchEndsAt = performance.now() + turnMs;
      while (!subscriber.closed) {
        await gate.enter();
        if (performance.now() > stretchEndsAt) {
          const othersMs = await letOthersWork();
          stretchEndsAt = performance.now() + Math.min(Math.max(othersMs, turnMs), stretchMsMax);
        }
        if (subscriber.closed) return;
        const { done, value } = await iterator.next();
        if (subscriber.closed) return;
        if (done) return subscriber.complete();
        subscriber.next(value);
      }
    };
    pull().catch((error: unknown) => subscriber.error(error));
    // A rejection here has nobody left to hear it: the stream has ended already.
    return () => void iterator.return?.().catch(() => undefined);
  });
}

/** Lets the event loop turn until it has nothing to do or has had enough; resolves to the time that took. */
async function letOthersWork(): Promise<number> {
  const startedAt = performance.now();
  let now = startedAt;
  for (let turn = 0; turn < turnsMax && now - startedAt < turnMs; turn++) {
    const turnedAt = now;
    await setImmediate();
    now = performance.now();
    if (now - turnedAt < emptyTurnMs) break;
  }
  return now - startedAt;
}

function createGate(limit: number, gauge: FlightGauge): Gate {
  let wake: (() => void) | null = null;
  return {
    async enter() {
      if (gauge.inFlight >= limit) await new Promise<void>((resolve) => (wake = resolve));
      gauge.inFlight++;
    },
    leave() {
      gauge.inFlight--;
      wake?.();
      wake = null;
    },
  };
}
