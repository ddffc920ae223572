// What Kafka tests need of a broker beside Millrace: topics of their own, plain produce and read-back by an independent
// client.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type IResourceConfigEntry, Kafka, type KafkaMessage, logLevel, type Message, Partitioners } from 'kafkajs';
import { hushTimerWarning } from '../../src/kafka/timer-warning.ts';

export interface KafkaTool {
  readonly brokers: string[];
  readonly kafka: Kafka;
  /** Creates a topic with a name of its own. */
  createTopic(partitions: number, configEntries?: IResourceConfigEntry[]): Promise<string>;
  /** Sends messages, each to its `partition` (0 unless it names one), in batches of `batchSize`. */
  send(topic: string, messages: Message[], batchSize?: number): Promise<void>;
  /** Sends messages in one transaction. */
  sendTransaction(topic: string, messages: Message[], outcome: 'commit' | 'abort'): Promise<void>;
  /** Deletes the records of partition 0 before an offset, as retention does. */
  deleteBefore(topic: string, offset: number): Promise<void>;
  /** Everything readable in a topic, partition by partition, by a plain consumer. */
  readAll(topic: string): Promise<Map<number, KafkaMessage[]>>;
}

/** A toolbox over running brokers. */
export function createKafkaTool(brokers: string[]): KafkaTool {
  hushTimerWarning();
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } });
  const createPartitioner = Partitioners.DefaultPartitioner;

  async function withAdmin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  }

  return {
    brokers,
    kafka,
    async createTopic(partitions, configEntries = []) {
      const topic = `test-${randomUUID()}`;
      await withAdmin(async (admin) => {
        const topics = [{ topic, numPartitions: partitions, configEntries }];
        await admin.createTopics({ topics, waitForLeaders: false });
        // kafkajs' own waiting fails where a broker has not heard of the topic yet, or is not its leader yet.
        for (let tries = 1; ; tries++) {
          try {
            return await admin.fetchTopicOffsets(topic);
          } catch (error) {
            if (tries === 250) throw error;
            await sleep(20);
          }
        }
      });
      return topic;
    },
    async send(topic, messages, batchSize = 500) {
      // Idempotent, so that a lost answer on a busy machine does not send twice; but not for ever, as kafkajs would then try.
      const idempotent = { idempotent: true, maxInFlightRequests: 1, retry: { retries: 25, maxRetryTime: 1000 } };
      const producer = kafka.producer({ createPartitioner, allowAutoTopicCreation: false, ...idempotent });
      await producer.connect();
      const located = messages.map((message) => ({ partition: 0, ...message }));
      try {
        for (let at = 0; at < located.length; at += batchSize) {
          await producer.send({ topic, messages: located.slice(at, at + batchSize) });
        }
      } finally {
        await producer.disconnect();
      }
    },
    async sendTransaction(topic, messages, outcome) {
      const producer = kafka.producer({
        createPartitioner,
        transactionalId: randomUUID(),
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: messages.map((message) => ({ partition: 0, ...message })) });
      if (outcome === 'commit') await transaction.commit();
      else await transaction.abort();
      await producer.disconnect();
    },
    deleteBefore: (topic, offset) =>
      withAdmin(async (admin) => {
        // kafkajs deletes only in topics whose metadata it has.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
      }),
    async readAll(topic) {
      const unsorted = await withAdmin((admin) => admin.fetchTopicOffsets(topic));
      const offsets = unsorted.toSorted((a, b) => a.partition - b.partition);
      const found = new Map<number, KafkaMessage[]>(offsets.map(({ partition }) => [partition, []]));
      const waiting = new Map(
        offsets.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high)]),
      );
      if (waiting.size === 0) return found;
      const consumer = kafka.consumer({ groupId: `read-${randomUUID()}`, maxWaitTimeInMs: 100 });
      const all = Promise.withResolvers<void>();
      const seen = (partition: number, lastOffset: string) => {
        if (Number(lastOffset) + 1 >= (waiting.get(partition) ?? Number.POSITIVE_INFINITY)) waiting.delete(partition);
        if (waiting.size === 0) all.resolve();
      };
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => seen(payload.partition, payload.lastOffset));
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          found.get(batch.partition)?.push(...batch.messages);
        },
      });
      await all.promise;
      await consumer.disconnect();
      return found;
    },
  };
}
