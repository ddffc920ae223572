// Where a topic's partition ends, and how far readers with read_committed get.

import { listOffsetsV8 } from '@platformatic/kafka';
import { createWireCluster } from '../../src/kafka/wire/cluster.ts';

/** Ends of partition 0. */
export async function endsOf(brokers: string[], topic: string): Promise<{ end: number; stable: number }> {
  const cluster = createWireCluster({ brokers });
  const leader = await cluster.leader(topic, 0);
  const newest = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n };
  const [end, stable] = await Promise.all(
    [0, 1].map(async (isolation) => {
      const answer = await listOffsetsV8.api.async(leader, -1, isolation, [{ name: topic, partitions: [newest] }]);
      return Number(answer.topics[0].partitions[0].offset);
    }),
  );
  await cluster.close();
  return { end, stable };
}
