// The bound of the pipeline: an async iterable through RxJS stages, with at most so many items between pull and result.

import { setImmediate } from 'node:timers/promises';
import { defer, finalize, Observable, type OperatorFunction, tap } from 'rxjs';

/** Longest stretch without letting the event loop turn, and the most time that its turns are then given. */
const turnMs = 10;

/** Turns at a time: in each of them the loop accepts one connection, and clients may come by the hundred. */
const turnsMax = 10;

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
      let turnEndsAt = performance.now() + turnMs;
      while (!subscriber.closed) {
        await gate.enter();
        if (performance.now() > turnEndsAt) {
          await letOthersWork();
          turnEndsAt = performance.now() + turnMs;
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

async function letOthersWork(): Promise<void> {
  const until = performance.now() + turnMs;
  for (let turn = 0; turn < turnsMax && performance.now() < until; turn++) await setImmediate();
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
