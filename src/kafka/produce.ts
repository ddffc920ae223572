// Fills a topic with records, as `millrace produce` does.

import type { OutputRecord } from '../sample/record.ts';
import { createKafkaClient, kafkaFailure } from './client.ts';
import { createKafkaSink, type KafkaSinkOptions } from './kafka-sink.ts';
import { withAdmin } from './topics.ts';

export interface ProduceOptions extends KafkaSinkOptions {
  /** Creates the topic with so many partitions if it is missing; left out: a missing topic is an error. */
  readonly createPartitions?: number;
}

export interface ProduceResult {
  readonly records: number;
  readonly seconds: number;
}

const writeRecords = 1000;

/** Sends the records in order and waits until all are confirmed. Throws as the sink does. */
export async function produceRecords(
  options: ProduceOptions,
  records: AsyncIterable<OutputRecord>,
): Promise<ProduceResult> {
  const startedMs = performance.now();
  if (options.createPartitions !== undefined) await createTopic(options, options.createPartitions);
  const sink = createKafkaSink(options);
  let count = 0;
  try {
    await sink.open(null);
    let batch: OutputRecord[] = [];
    for await (const record of records) {
      batch.push(record);
      count++;
      if (batch.length < writeRecords) continue;
      await sink.write(batch);
      batch = [];
    }
    await sink.write(batch);
    await sink.flush();
  } finally {
    await sink.close();
  }
  return { records: count, seconds: (performance.now() - startedMs) / 1000 };
}

/** Creates a topic with the cluster's own replication factor; one that exists is left as it is. */
async function createTopic(options: ProduceOptions, partitions: number): Promise<void> {
  const { topic, connection } = options;
  await withAdmin(createKafkaClient(connection), connection, async (admin) => {
    if ((await admin.listTopics()).includes(topic)) return;
    try {
      await admin.createTopics({
        topics: [{ topic, numPartitions: partitions, replicationFactor: -1 }],
        waitForLeaders: true,
      });
    } catch (error) {
      throw kafkaFailure(`Creating Kafka topic '${topic}'`, error);
    }
  });
}
