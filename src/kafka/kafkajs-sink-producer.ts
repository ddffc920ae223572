// Records outside of transactions through kafkajs: idempotent, confirmed by all replicas.

import type { Kafka } from 'kafkajs';
import { connect, type KafkaConnection } from './client.ts';
import { withPatience } from './patience.ts';
import { createSendQueue } from './send-queue.ts';
import type { SinkProducer } from './sink-producer.ts';
import { namedPartition } from './topic-end.ts';

export interface KafkajsSinkOptions {
  readonly client: Kafka;
  readonly connection: KafkaConnection;
  readonly partitionBytesMax: number;
  /** How long brokers may be out of reach. */
  readonly outageMs: number;
}

/** Connects. Throws kafka-unreachable. */
export async function openKafkajsSinkProducer(options: KafkajsSinkOptions): Promise<SinkProducer> {
  const { client, connection, partitionBytesMax, outageMs } = options;
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
    partitionBytesMax,
  });
  return { ...queue, close: () => producer.disconnect() };
}
