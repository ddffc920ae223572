// A Kafka broker in a container, through testcontainers.

import type { StartedNetwork } from 'testcontainers';
import { kafkaVersion } from './kafka-jars.ts';
import { freePorts } from './process-broker.ts';
import { brokersReady } from './ready.ts';

export interface DockerBrokerOptions {
  /** A network whose containers reach the broker as `kafka:29092`. */
  readonly network?: StartedNetwork;
  readonly labels?: Readonly<Record<string, string>>;
  /** KAFKA_* variables besides its own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts `apache/kafka` with a mapped port and, beside it, an internal listener: a broker that cannot reach its own
 * advertised address never finishes a transaction. Throws quickly where no engine answers.
 */
export async function startDockerBroker({
  network,
  labels = {},
  environment = {},
}: DockerBrokerOptions = {}): Promise<{ brokers: string[]; stop(): Promise<void> }> {
  // Every container is stopped by whoever started it, so the reaper (and its image) is not needed.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers');
  const runtime = await getContainerRuntimeClient();
  const host = runtime.info.containerRuntime.host;
  const [port] = await freePorts(1);
  const broker = new GenericContainer(`apache/kafka:${kafkaVersion}`);
  if (network) broker.withNetwork(network).withNetworkAliases('kafka');
  const container = await broker
    .withLabels(labels)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      CLUSTER_ID: '5L6g3nShT-eMCtK--X86sw',
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:29093',
      KAFKA_LISTENERS: 'EXTERNAL://:9092,INTERNAL://:29092,CONTROLLER://:29093',
      KAFKA_ADVERTISED_LISTENERS: `EXTERNAL://${host}:${port},INTERNAL://${network ? 'kafka' : 'localhost'}:29092`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'EXTERNAL:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '4',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_LOG_RETENTION_CHECK_INTERVAL_MS: '500',
      KAFKA_LOG_INITIAL_TASK_DELAY_MS: '500',
      KAFKA_LOG_CLEANER_BACKOFF_MS: '500',
      ...environment,
    })
    .withStartupTimeout(90_000)
    .start();
  const brokers = [`${host}:${port}`];
  try {
    await brokersReady(brokers, 1, 60_000);
  } catch (error) {
    await container.stop();
    throw error;
  }
  return {
    brokers,
    stop: async () => {
      await container.stop({ timeout: 0 });
    },
  };
}
