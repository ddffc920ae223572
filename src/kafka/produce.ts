// Fills a topic with records, as `millrace produce` does.

import type { OutputRecord } from '../sample/record.ts';
import { createKafkaClient, type KafkaConnection, kafkaFailure } from './client.ts';
import { createKafkaSink, type KafkaSinkOptions } from './kafka-sink.ts';
import { createTopics, withAdmin } from './topics.ts';

export interface ProduceResult {
  readonly records: number;
  readonly seconds: number;
}

/** Sends batches of records in order and waits until all are confirmed. Throws as the sink does. */
export async function produceRecords(
  options: KafkaSinkOptions,
  batches: AsyncIterable<readonly OutputRecord[]>,
): Promise<ProduceResult> {
  const startedMs = performance.now();
  const sink = createKafkaSink(options);
  let count = 0;
  try {
    await sink.open(null);
    for await (const batch of batches) {
      await sink.write(batch);
      count += batch.length;
    }
    await sink.flush();
  } finally {
    await sink.close();
  }
  return { records: count, seconds: (performance.now() - startedMs) / 1000 };
}

/** Creates the topics that are missing, with the cluster's own replication factor; gives the names of those created. */
export async function createMissingTopics(
  connection: KafkaConnection,
  topics: readonly string[],
  partitions: number,
): Promise<string[]> {
  return withAdmin(createKafkaClient(connection), connection, async (admin) => {
    const known = await admin.listTopics();
    const missing = topics.filter((topic) => !known.includes(topic));
    if (missing.length === 0) return [];
    try {
      const created = missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor: -1 }));
      await createTopics(admin, created);
    } catch (error) {
      throw kafkaFailure(`Creating Kafka topic ${missing.map((topic) => `'${topic}'`).join(', ')}`, error);
    }
    return missing;
  });
}
