// The way out to a Kafka topic: an idempotent producer that waits for all replicas, a fixed partition for every record,
// and the order of each partition kept. It keeps no mark of ours: after a crash, records may be there twice.

import type { Producer } from 'kafkajs';
import type { Sink } from '../pipeline/ports.ts';
import { connect, createKafkaClient, type KafkaConnection, kafkaFailure } from './client.ts';
import { defaultOutageMs, withPatience } from './patience.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';
import { namedPartition, type Oversize, openTopicEnd, sendBytes, type TopicEnd } from './topic-end.ts';
import { withAdmin } from './topics.ts';

export interface KafkaSinkOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** Default `fail`. */
  readonly oversize?: Oversize;
  /** How long brokers may be out of reach during a run before it fails. Default 60000. */
  readonly outageMs?: number;
}

interface OpenSink {
  readonly producer: Producer;
  readonly queue: SendQueue;
  readonly end: TopicEnd;
}

/** A sink over a topic that exists. `open` throws kafka-topic-missing, kafka-unreachable. */
export function createKafkaSink(options: KafkaSinkOptions): Sink {
  const { topic, connection, outageMs = defaultOutageMs } = options;
  const client = createKafkaClient(connection);
  let sink: OpenSink | null = null;

  const open = async (): Promise<OpenSink> => {
    const end = await withAdmin(client, connection, (admin) =>
      openTopicEnd(admin, topic, connection, options.oversize ?? 'fail'),
    );
    const producer = client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: () => namedPartition,
    });
    await connect(producer, connection);
    const queue = createSendQueue({
      // The same batch goes out under the same sequence numbers again, and a broker that has it already drops it. Only
      // where another broker had confirmed its part of the send does that part come twice.
      send: (topicMessages) => withPatience(outageMs, () => producer.sendBatch({ topicMessages, acks: -1 })),
      partitionBytesMax: sendBytes([end]),
    });
    return { producer, queue, end };
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

  return {
    name: `topic ${topic}`,
    async open() {
      sink = await open();
    },
    async write(records) {
      const { queue, end } = opened();
      await inTurn(async () => {
        await end.add(records, queue);
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
