// The way out to a Kafka topic: an idempotent producer that waits for all replicas, a fixed partition for every record,
// and the order of each partition kept. It keeps no mark of ours: after a crash, records may be there twice.

import type { PartitionerArgs, Producer } from 'kafkajs';
import type { Sink } from '../pipeline/ports.ts';
import type { OutputRecord } from '../sample/record.ts';
import { connect, createKafkaClient, type KafkaConnection, kafkaFailure } from './client.ts';
import { fitRecord, oversizeError } from './oversize.ts';
import { createPartitionChoice } from './partition-choice.ts';
import { defaultOutageMs } from './patience.ts';
import { recordBytes } from './records.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';
import { largestBatchBytes, partitionCount, withAdmin } from './topics.ts';

export interface KafkaSinkOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /**
   * A record larger than the topic takes: `fail` stops the run (the default); `truncate` cuts the value and says so in
   * the header `millrace-original-bytes`, for dead letters.
   */
  readonly oversize?: 'fail' | 'truncate';
  /** How long brokers may be out of reach during a run before it fails. Default 60000. */
  readonly outageMs?: number;
}

interface OpenSink {
  readonly producer: Producer;
  readonly queue: SendQueue;
  readonly recordBytesMax: number;
  choosePartition(record: OutputRecord): number;
}

/** A topic's own limit where the cluster does not tell it: Kafka's default. */
const defaultBatchBytes = 1_048_588;
/** What a record batch takes beside its records. */
const batchOverheadBytes = 128;
/** A send is kept smaller than the largest one allowed: fewer bytes to send again. */
const sendBytesMax = 1 << 20;

/** Every message names its partition; kafkajs asks all the same. */
function namedPartition({ message }: PartitionerArgs): number {
  if (message.partition === undefined) throw new Error('a message for Kafka names no partition');
  return message.partition;
}

/** A sink over a topic that exists. `open` throws kafka-topic-missing, kafka-unreachable. */
export function createKafkaSink(options: KafkaSinkOptions): Sink {
  const { topic, connection } = options;
  const client = createKafkaClient(connection);
  let sink: OpenSink | null = null;

  const open = async (): Promise<OpenSink> => {
    const { count, bytes } = await withAdmin(client, connection, async (admin) => ({
      count: await partitionCount(admin, topic, connection),
      bytes: await largestBatchBytes(admin, topic),
    }));
    const producer = client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: () => namedPartition,
    });
    await connect(producer, connection);
    const recordBytesMax = (bytes ?? defaultBatchBytes) - batchOverheadBytes;
    return {
      producer,
      queue: createSendQueue({
        producer,
        topic,
        partitionBytesMax: Math.min(recordBytesMax, sendBytesMax),
        outageMs: options.outageMs ?? defaultOutageMs,
      }),
      recordBytesMax,
      choosePartition: createPartitionChoice(count),
    };
  };

  const opened = () => {
    if (!sink) throw new Error(`Kafka sink for topic '${topic}' is not open`);
    return sink;
  };

  // One after the other, so that a write is whole before the next, and a flush covers the writes before it.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work).catch((error) => {
      throw kafkaFailure(`Writing Kafka topic '${topic}'`, error);
    });
    last = done.catch(() => {});
    return done;
  };

  const fitted = (record: OutputRecord, bytesMax: number) => {
    if (recordBytes(record) <= bytesMax) return record;
    if (options.oversize === 'truncate') return fitRecord(record, bytesMax, topic);
    throw oversizeError(record, bytesMax, topic);
  };

  return {
    name: `topic ${topic}`,
    async open() {
      sink = await open();
    },
    async write(records) {
      const { queue, recordBytesMax, choosePartition } = opened();
      await inTurn(async () => {
        for (const record of records) {
          const fitting = fitted(record, recordBytesMax);
          const room = queue.add(fitting, choosePartition(fitting));
          if (room !== undefined) await room;
        }
        queue.begin();
      });
    },
    async flush() {
      await inTurn(() => opened().queue.drain());
      return null;
    },
    async close() {
      const closing = sink;
      sink = null;
      if (!closing) return;
      try {
        await inTurn(() => closing.queue.drain());
      } finally {
        await closing.producer.disconnect();
      }
    },
  };
}
