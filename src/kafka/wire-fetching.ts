// Fetches over the wire; the group's consumer stays paused and only says who owns the partitions. A partition is fetched
// again once its last chunk was taken, so one chunk of each is ready while the pipeline works on another.

import { MillraceError } from '../errors.ts';
import { requireNext } from './deliver.ts';
import type { Fetching } from './fetching.ts';
import { withPatience } from './patience.ts';
import { endIfDone, type ReadContext } from './read-context.ts';
import { createFetcher, type FetcherOptions } from './wire/fetcher.ts';
import { topicIdentity } from './wire/topic-identity.ts';

/** Nothing is fetched yet. */
export function createWireFetching(context: ReadContext, options: Omit<FetcherOptions, 'target'>): Fetching {
  const { topic, consumer, progress, handoff, ends } = context;
  const { connection, outageMs } = options;
  let owned: readonly number[] = [];
  const fetcher = createFetcher({
    ...options,
    target: {
      next: progress.next,
      end: progress.end,
      async take(partition, { records, nextOffset }, highWatermark) {
        ends.see(partition, highWatermark);
        if (records.length > 0 && !(await handoff.offer({ origin: topic, partition, records, nextOffset }).taken))
          return fetcher.stop();
        progress.advance(partition, nextOffset);
        endIfDone(context);
      },
      outOfRange: (partition) => withPatience(outageMs, () => requireNext(context, partition)),
      async unknownTopic() {
        const { id } = await topicIdentity(connection, topic);
        if (id !== options.topic.id) throw recreated(topic);
      },
      fail: context.fail,
    },
  });
  return {
    // Never called: the consumer is paused.
    eachBatch: async () => {},
    joined(partitions) {
      consumer.pause([{ topic }]);
      owned = partitions;
      if (progress.begun && !handoff.ended) fetcher.read(owned);
    },
    begin: () => fetcher.read(owned),
    pause: fetcher.stop,
    close: fetcher.close,
  };
}

function recreated(topic: string): MillraceError {
  return new MillraceError(
    'topic-recreated',
    `Kafka topic '${topic}' was deleted and created again while it was read: its offsets are those of another topic now`,
  );
}
