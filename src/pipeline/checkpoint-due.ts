// When a checkpoint is due: after so many records or so much time, whichever comes first, and only where something changed.

import { defer, map, type OperatorFunction, type SchedulerLike } from 'rxjs';

export interface CheckpointSchedule<T> {
  readonly everySamples: number;
  readonly everyMs: number;
  /** Items that may be marked at all; any unless said. */
  readonly only?: (item: T) => boolean;
  readonly scheduler: SchedulerLike;
}

/** An item, and whether the state right after it is to be kept. */
export interface Due<T> {
  readonly item: T;
  readonly due: boolean;
}

/**
 * 1. Passes every item on at once, marked.
 * 2. Marks the first item (of those that may be marked) at which `everySamples` records have come since the last mark,
 *    or, if any have come, at which `everyMs` have passed since it.
 * 3. Starts counting records and time anew with each mark; time starts with the subscription.
 */
export function checkpointDue<T extends { readonly records: number }>({
  everySamples,
  everyMs,
  only = () => true,
  scheduler,
}: CheckpointSchedule<T>): OperatorFunction<T, Due<T>> {
  return (source$) =>
    defer(() => {
      let records = 0;
      let since = scheduler.now();
      return source$.pipe(
        map((item) => {
          records += item.records;
          const ripe = records >= everySamples || (records > 0 && scheduler.now() - since >= everyMs);
          const due = ripe && only(item);
          if (due) {
            records = 0;
            since = scheduler.now();
          }
          return { item, due };
        }),
      );
    });
}
