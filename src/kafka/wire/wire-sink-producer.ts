// Records outside of transactions over the wire: idempotent, so that a batch that is sent again is not there twice.

import { initProducerIdV4 } from '@platformatic/kafka';
import type { KafkaConnection } from '../client.ts';
import type { SinkProducer } from '../sink-producer.ts';
import { createWireCluster } from './cluster.ts';
import { withRetries } from './retry.ts';
import { createWireProducer } from './wire-producer.ts';

export interface WireSinkOptions {
  readonly connection: KafkaConnection;
  readonly partitionBytesMax: number;
  /** How long brokers may be out of reach. */
  readonly outageMs: number;
}

/** Only transactions time out; the request asks all the same. */
const noTimeoutMs = 0;

/** Connects and takes an identity. */
export async function openWireSinkProducer(options: WireSinkOptions): Promise<SinkProducer> {
  const { connection, partitionBytesMax, outageMs } = options;
  const cluster = createWireCluster(connection);
  try {
    const retry = { cluster, patienceMs: outageMs };
    const producer = createWireProducer({
      ...retry,
      transactionalId: null,
      batchBytesMax: partitionBytesMax,
      beforeRound: async () => {},
    });
    const { producerId, producerEpoch } = await withRetries(retry, async () =>
      initProducerIdV4.api.async(await cluster.any(), null, noTimeoutMs),
    );
    producer.identify({ id: producerId, epoch: producerEpoch });
    const { add, copies, begin, drain } = producer;
    return { add, copies, begin, drain, close: () => cluster.close() };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}
