// The output of one run: a topic of its own, in which the broker notes when each batch came. So one clock serves everybody,
// from the first prediction in the topic to the last, and what readers with read_committed find is counted.

import { createKafkaClient } from '../../../src/kafka/client.ts';
import { createKafkaSource } from '../../../src/kafka/kafka-source.ts';
import { createTopics, withAdmin } from '../../../src/kafka/topics.ts';
import { claimedChunks } from '../../support/claimed-chunks.ts';

export async function createOutput(brokers: string[], topic: string, numPartitions: number): Promise<void> {
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  await withAdmin(createKafkaClient({ brokers }), { brokers }, (admin) =>
    createTopics(admin, [{ topic, numPartitions, replicationFactor: -1, configEntries }]),
  );
}

/** When the first and the last prediction came, in milliseconds since the epoch by the broker's clock. */
export interface Span {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** How many a second. */
export function rateOf(count: number, { firstMs, lastMs }: Span): number {
  return (1000 * count) / (lastMs - firstMs);
}

/** From when to when the predictions came; the topic is gone then. Throws unless it held so many of them. */
export async function takeSpan(brokers: string[], topic: string, wanted: number): Promise<Span> {
  const source = createKafkaSource({ connection: { brokers }, topic, groupId: `${topic}-count`, stopAtEnd: true });
  await source.open();
  let found = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = 0;
  for await (const { records } of claimedChunks(source, new Map(), new AbortController().signal)) {
    found += records.length;
    for (let index = 0; index < records.length; index++) {
      const timestampMs = records.timestampMs(index);
      if (Number.isNaN(timestampMs)) throw new Error(`${topic} does not tell when its records came`);
      firstMs = Math.min(firstMs, timestampMs);
      lastMs = Math.max(lastMs, timestampMs);
    }
  }
  await source.close();
  if (found !== wanted) throw new Error(`${topic}: ${found} predictions of ${wanted} records`);
  await withAdmin(createKafkaClient({ brokers }), { brokers }, (admin) => admin.deleteTopics({ topics: [topic] }));
  return { firstMs, lastMs };
}
