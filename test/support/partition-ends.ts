// Where a topic's partition ends, and how far readers with read_committed get.

import { vi } from 'vitest';
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

/** The end of partition 0 once no transaction is open there: markers come some time after the broker's word for them. */
export function settledEnd(brokers: string[], topic: string): Promise<number> {
  return vi.waitFor(
    async () => {
      const { end, stable } = await endsOf(brokers, topic);
      if (stable < end) throw new Error(`topic '${topic}' ends at ${end}, and readers get to ${stable}`);
      return end;
    },
    { timeout: 10_000, interval: 20 },
  );
}
