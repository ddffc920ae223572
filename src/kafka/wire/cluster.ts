// Who leads a partition and who coordinates a group or a transactional id, and a connection to them.

import { type Broker, type Connection, ConnectionPool, findCoordinatorV4, metadataV12 } from '@platformatic/kafka';
import type { KafkaConnection } from '../client.ts';
import { wireOptions } from './options.ts';

export type CoordinatorKind = 'group' | 'transaction';

export interface WireCluster {
  /** A connection to the leader of a partition. */
  leader(topic: string, partition: number): Promise<Connection>;
  coordinator(kind: CoordinatorKind, key: string): Promise<Connection>;
  /** Some broker or other. */
  any(): Promise<Connection>;
  /** Forgets leaders and coordinators: one of them has moved. */
  forget(): void;
  close(): Promise<void>;
}

const coordinatorTypes = { group: 0, transaction: 1 } as const;

/** Connects nowhere until it is asked to. */
export function createWireCluster(connection: KafkaConnection): WireCluster {
  const pool = new ConnectionPool(connection.clientId ?? 'millrace', wireOptions(connection));
  // A connection that fails tells whoever waits on it; an emitter without a listener would end the process besides.
  pool.on('connect', ({ connection: opened }) => void opened.on('error', () => {}));
  const seeds = connection.brokers.map(parseBroker);
  const leaders = new Map<string, Map<number, Broker>>();
  const coordinators = new Map<string, Broker>();

  async function leadersOf(topic: string): Promise<Map<number, Broker>> {
    const known = leaders.get(topic);
    if (known) return known;
    const { brokers, topics } = await metadataV12.api.async(await pool.getFirstAvailable(seeds), [topic], false);
    const byId = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    const found = new Map<number, Broker>();
    for (const { partitionIndex, leaderId } of topics[0]?.partitions ?? []) {
      const broker = byId.get(leaderId);
      if (broker) found.set(partitionIndex, broker);
    }
    leaders.set(topic, found);
    return found;
  }

  return {
    async leader(topic, partition) {
      const broker = (await leadersOf(topic)).get(partition);
      if (!broker) {
        leaders.delete(topic);
        throw new LeaderMissingError(topic, partition);
      }
      return pool.get(broker);
    },
    async coordinator(kind, key) {
      const name = `${kind} ${key}`;
      const known = coordinators.get(name);
      if (known) return pool.get(known);
      const { coordinators: found } = await findCoordinatorV4.api.async(
        await pool.getFirstAvailable(seeds),
        coordinatorTypes[kind],
        [key],
      );
      const { host, port } = found[0];
      coordinators.set(name, { host, port });
      return pool.get({ host, port });
    },
    any: () => pool.getFirstAvailable(seeds),
    forget() {
      leaders.clear();
      coordinators.clear();
    },
    close: () => pool.close(),
  };
}

/** A partition that has no leader at this moment: it may have one soon. */
export class LeaderMissingError extends Error {
  constructor(topic: string, partition: number) {
    super(`partition ${partition} of topic '${topic}' has no leader`);
    this.name = 'LeaderMissingError';
  }
}

function parseBroker(address: string): Broker {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(address.slice(at + 1)) };
}
