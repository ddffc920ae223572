// Reads partitions of a topic, outside of any group and for as long as it likes: what recovery, a standby and `verify`
// learn from. Each partition is read once from its start, at most one fetch ahead.

import type { Chunk, Positions } from '../sample/record.ts';
import { createKafkaClient, type KafkaConnection, kafkaFailure } from './client.ts';
import { createHandoff } from './handoff.ts';
import { defaultOutageMs, withPatience } from './patience.ts';
import { createProgress, requireHeld } from './progress.ts';
import { watermarks, withAdmin } from './topics.ts';
import type { FetchTopic } from './wire/fetch.ts';
import { createFetcher } from './wire/fetcher.ts';

export interface RangeReaderOptions {
  readonly connection: KafkaConnection;
  readonly topic: FetchTopic;
  /** Where each partition is read from; others are not read. */
  readonly start: Positions;
  /** As of the source. Default 1 MiB. */
  readonly maxBytesPerPartition?: number | undefined;
  /** Default `read_committed`. */
  readonly isolation?: 'read_committed' | 'read_uncommitted';
  /** How long brokers may be out of reach before it fails. Default 60000. */
  readonly outageMs?: number;
}

export interface RangeReader {
  /**
   * The next chunk of a partition that reaches beyond the offset `from`, null once closed. It may be empty, where the log
   * has gaps. Waits until there is one. Throws kafka-failed, kafka-batch-too-large, kafka-offset-out-of-range.
   */
  next(partition: number, from: number): Promise<Chunk | null>;
  close(): Promise<void>;
}

/** Starts to read. */
export function createRangeReader(options: RangeReaderOptions): RangeReader {
  const { connection, topic, start, outageMs = defaultOutageMs } = options;
  const progress = createProgress(null);
  const handoffs = new Map([...start.keys()].map((partition) => [partition, createHandoff<Chunk>()]));
  const held = () =>
    withPatience(outageMs, () =>
      withAdmin(createKafkaClient(connection), connection, (admin) => watermarks(admin, topic.name)),
    );
  const fetcher = createFetcher({
    ...{ connection, topic, outageMs },
    isolation: options.isolation ?? 'read_committed',
    partitionBytesMax: options.maxBytesPerPartition ?? 1 << 20,
    target: {
      next: progress.next,
      end: progress.end,
      // Control records and aborted transactions make no records, but whoever waits for the end must hear of them.
      async take(partition, { records, nextOffset }) {
        if (nextOffset === progress.next(partition)) return;
        await handoffs.get(partition)?.offer({ origin: topic.name, partition, records, nextOffset }).taken;
        progress.advance(partition, nextOffset);
      },
      async outOfRange(partition) {
        requireHeld(topic.name, partition, progress.next(partition), (await held()).get(partition));
      },
      // A topic that was recreated does not hold what the journal lists, but that is told after the outage.
      unknownTopic: async () => {},
      fail(error) {
        const failure = kafkaFailure(`Reading Kafka topic '${topic.name}' again`, error);
        for (const handoff of handoffs.values()) handoff.fail(failure);
      },
    },
  });
  progress.begin(start);
  fetcher.read([...start.keys()]);
  return {
    async next(partition, from) {
      const handoff = handoffs.get(partition);
      for (;;) {
        fetcher.expect(partition);
        const chunk = (await handoff?.take()) ?? null;
        if (chunk === null || chunk.nextOffset > from) return chunk;
      }
    },
    async close() {
      await fetcher.close();
      for (const handoff of handoffs.values()) handoff.end();
    },
  };
}

/** Reads for as long as `use` takes. Throws as that does; nothing stays open then. */
export async function withRangeReader<T>(
  options: RangeReaderOptions,
  use: (reader: RangeReader) => Promise<T>,
): Promise<T> {
  const reader = createRangeReader(options);
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}
