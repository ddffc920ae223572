// Reads given ranges of a topic, outside of the run's group and for as long as it likes: what recovery, a standby and
// `verify` learn from. Each partition is read once from its start, at most one fetched batch ahead.

import { randomUUID } from 'node:crypto';
import type { EachBatchPayload } from 'kafkajs';
import type { Chunk, Positions, SourceRecord } from '../sample/record.ts';
import { connect, createKafkaClient, type KafkaConnection, kafkaFailure } from './client.ts';
import { createHandoff, type Handoff } from './handoff.ts';
import { toSourceRecord } from './records.ts';

/** How long the broker may hold back an answer while there is nothing to read. */
const fetchWaitMs = 100;
const sessionTimeoutMs = 30_000;

export interface RangeReaderOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** Where each partition is read from; others are not read. */
  readonly start: Positions;
  /** The group it takes part in is named after this. */
  readonly groupId: string;
  readonly maxBytesPerPartition?: number;
}

export interface RangeReader {
  /**
   * The next batch of a partition that reaches beyond the offset `from`, null once closed. It may be empty, where the log
   * has gaps. Waits until there is one. Throws kafka-failed.
   */
  next(partition: number, from: number): Promise<Chunk | null>;
  close(): Promise<void>;
}

/** Connects and starts to read. Throws kafka-unreachable. */
export async function openRangeReader(options: RangeReaderOptions): Promise<RangeReader> {
  const { connection, topic, start } = options;
  const client = createKafkaClient(connection);
  const groupId = `${options.groupId}-replay-${randomUUID()}`;
  const handoffs = new Map([...start.keys()].map((partition) => [partition, createHandoff<Chunk>()]));
  const consumer = client.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    maxWaitTimeInMs: fetchWaitMs,
    maxBytesPerPartition: options.maxBytesPerPartition ?? 1 << 20,
    allowAutoTopicCreation: false,
  });
  const failAll = (error: unknown) => {
    for (const handoff of handoffs.values()) handoff.fail(kafkaFailure(`Reading Kafka topic '${topic}' again`, error));
  };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const partitions = payload.memberAssignment[topic] ?? [];
    for (const partition of partitions) {
      const offset = start.get(partition);
      if (offset === undefined) consumer.pause([{ topic, partitions: [partition] }]);
      else consumer.seek({ topic, partition, offset: String(offset) });
    }
  });
  // Control records and aborted transactions make no batch, but whoever waits for the end must hear of them.
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
    if (batchSize > 0) return;
    handoffs.get(partition)?.offer({ origin: topic, partition, records: [], nextOffset: Number(lastOffset) + 1 });
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) failAll(payload.error);
  });
  await connect(consumer, connection);
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: true,
    partitionsConsumedConcurrently: Math.max(1, start.size),
    eachBatch: (payload) => offerBatch(payload, handoffs.get(payload.batch.partition)),
  });
  return {
    async next(partition, from) {
      const handoff = handoffs.get(partition);
      for (;;) {
        const chunk = (await handoff?.take()) ?? null;
        if (chunk === null || chunk.nextOffset > from) return chunk;
      }
    },
    async close() {
      for (const handoff of handoffs.values()) handoff.end();
      await consumer.disconnect();
      await forget(connection, groupId);
    },
  };
}

async function offerBatch({ batch, heartbeat }: EachBatchPayload, handoff: Handoff<Chunk> | undefined): Promise<void> {
  if (!handoff || handoff.ended || batch.messages.length === 0) return;
  const records: SourceRecord[] = batch.messages.map(toSourceRecord);
  const nextOffset = Number(batch.lastOffset()) + 1;
  const offer = handoff.offer({ origin: batch.topic, partition: batch.partition, records, nextOffset });
  const timer = setInterval(() => void heartbeat().catch(() => {}), sessionTimeoutMs / 10);
  await offer.taken;
  clearInterval(timer);
}

/** Removes the group it has read with; one that stays behind does no harm and is forgotten by the broker in time. */
async function forget(connection: KafkaConnection, groupId: string): Promise<void> {
  const admin = createKafkaClient(connection).admin();
  try {
    await admin.connect();
    await admin.deleteGroups([groupId]);
  } catch {
    // As said.
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
