// Where a topic's partition ends, and how far readers with read_committed get.

import { createWireCluster } from '../../src/kafka/wire/cluster.ts';
import { partitionEnds } from '../../src/kafka/wire/partition-ends.ts';

/** Ends of partition 0. */
export async function endsOf(brokers: string[], topic: string): Promise<{ end: number; stable: number }> {
  const cluster = createWireCluster({ brokers });
  const [[end], [stable]] = await Promise.all(
    (['written', 'stable'] as const).map((kind) => partitionEnds(cluster, [{ topic, partition: 0 }], kind)),
  );
  await cluster.close();
  return { end, stable };
}
