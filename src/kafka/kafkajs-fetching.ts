// Fetches through the group's own consumer. It resumes at the group's offsets after each join, so it is sent to ours, and
// it says of batches without a record only in passing that it has moved past them.

import { createDelivery, requireNext } from './deliver.ts';
import { watchFetches } from './fetch-watch.ts';
import type { Fetching } from './fetching.ts';
import { endIfDone, type ReadContext } from './read-context.ts';

export interface KafkajsFetchingOptions {
  /** How often a chunk that waits to be taken tells the group that this member lives. */
  readonly heartbeatMs: number;
  /** How long the broker may hold back an answer while there is nothing to read. */
  readonly fetchWaitMs: number;
}

/** Listens to the context's consumer. */
export function createKafkajsFetching(
  context: ReadContext,
  { heartbeatMs, fetchWaitMs }: KafkajsFetchingOptions,
): Fetching {
  const { consumer, topic, progress, handoff, ends } = context;
  const { START_BATCH_PROCESS } = consumer.events;
  let owned: readonly number[] = [];
  const seek = (partition: number) => {
    consumer.seek({ topic, partition, offset: String(progress.next(partition)) });
  };

  // Control records and aborted transactions never reach the batch handler, but the position moves past them.
  const skip = async (partition: number, first: string | null, last: string) => {
    if (first !== null && Number(first) > progress.next(partition)) await requireNext(context, partition);
    progress.advance(partition, Number(last) + 1);
    if (progress.done(partition)) consumer.pause([{ topic, partitions: [partition] }]);
    endIfDone(context);
  };

  watchFetches(context, fetchWaitMs);
  consumer.on(START_BATCH_PROCESS, ({ payload }) => {
    ends.see(payload.partition, Number(payload.highWatermark));
    if (payload.batchSize > 0 || handoff.ended) return;
    skip(payload.partition, payload.firstOffset, payload.lastOffset).catch(context.fail);
  });

  return {
    eachBatch: createDelivery(context, heartbeatMs),
    joined(partitions) {
      owned = partitions;
      for (const partition of partitions) seek(partition);
      const held = handoff.ended || !progress.begun ? partitions : partitions.filter(progress.done);
      if (held.length > 0) consumer.pause([{ topic, partitions: [...held] }]);
    },
    begin() {
      const open = owned.filter((partition) => !progress.done(partition));
      for (const partition of open) seek(partition);
      consumer.resume([{ topic, partitions: open }]);
    },
    pause() {
      try {
        consumer.pause([{ topic }]);
      } catch {
        // Not joined yet, or restarting: nothing is being fetched, and a later join pauses what it is given.
      }
    },
    close: async () => {},
  };
}
