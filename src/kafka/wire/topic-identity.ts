// What tells a topic from another of the same name: its id, which a recreated topic has not kept.

import { metadataV12 } from '@platformatic/kafka';
import type { InputIdentity } from '../../pipeline/ports.ts';
import type { KafkaConnection } from '../client.ts';
import { createWireCluster } from './cluster.ts';

/** The id (null where the cluster is too old to have ids) and the number of partitions of a topic that exists. */
export async function topicIdentity(connection: KafkaConnection, topic: string): Promise<InputIdentity> {
  const cluster = createWireCluster(connection);
  try {
    const { topics } = await metadataV12.api.async(await cluster.any(), [topic], false);
    const { topicId, partitions } = topics[0];
    return { id: /^[0-]*$/.test(topicId) ? null : topicId, partitions: partitions.length };
  } finally {
    await cluster.close();
  }
}
