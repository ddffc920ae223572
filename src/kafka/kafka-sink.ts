// The way out to a Kafka topic: an idempotent producer that waits for all replicas, a fixed partition for every record,
// and the order of each partition kept. It keeps no mark of ours: after a crash, records may be there twice.

import type { Sink } from '../pipeline/ports.ts';
import { createKafkaClient, type KafkaConnection, kafkaFailure } from './client.ts';
import { openKafkajsSinkProducer } from './kafkajs-sink-producer.ts';
import { defaultOutageMs } from './patience.ts';
import type { SinkProducer } from './sink-producer.ts';
import { type Oversize, openTopicEnd, sendBytes, type TopicEnd } from './topic-end.ts';
import { withAdmin } from './topics.ts';
import { openWireSinkProducer } from './wire/wire-sink-producer.ts';

export interface KafkaSinkOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** Default `fail`. */
  readonly oversize?: Oversize;
  /** How long brokers may be out of reach during a run before it fails. Default 60000. */
  readonly outageMs?: number;
  /** Default `wire`. */
  readonly producer?: 'wire' | 'kafkajs';
}

interface OpenSink {
  readonly producer: SinkProducer;
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
    const common = { connection, outageMs, partitionBytesMax: sendBytes([end]) };
    const isWire = (options.producer ?? 'wire') === 'wire';
    const producer = await (isWire ? openWireSinkProducer(common) : openKafkajsSinkProducer({ ...common, client }));
    return { producer, end };
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
      const { producer, end } = opened();
      await inTurn(async () => {
        await end.add(records, producer);
        producer.begin();
      });
    },
    async flush() {
      await inTurn(() => opened().producer.drain());
      return null;
    },
    async close() {
      const closing = sink;
      sink = null;
      if (!closing) return;
      try {
        await inTurn(() => closing.producer.drain());
      } finally {
        await closing.producer.close();
      }
    },
  };
}
