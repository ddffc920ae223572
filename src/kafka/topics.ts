// Questions to the cluster about a topic: does it exist, how many partitions has it, what does each of them hold.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import { MillraceError } from '../errors.ts';
import { connect, type KafkaConnection, kafkaFailure } from './client.ts';
import { withPatience } from './patience.ts';

/** What a partition holds: offsets from `earliest` up to, not including, `latest`. */
export interface Watermarks {
  readonly earliest: number;
  readonly latest: number;
}

/** Runs `use` with a connected admin client and lets go of it. Throws kafka-unreachable, kafka-failed. */
export async function withAdmin<T>(
  client: Kafka,
  connection: KafkaConnection,
  use: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = client.admin();
  await connect(admin, connection);
  try {
    return await use(admin);
  } catch (error) {
    throw kafkaFailure(`Kafka at ${connection.brokers.join(', ')}`, error);
  } finally {
    await admin.disconnect();
  }
}

/** The number of partitions of a topic. Throws kafka-topic-missing with the command that creates it. */
export async function partitionCount(admin: Admin, topic: string, connection: KafkaConnection): Promise<number> {
  // Asking for the metadata of one unknown topic is an error that kafkajs retries; the list of topics is not.
  const known = await admin.listTopics();
  if (!known.includes(topic)) {
    throw new MillraceError(
      'kafka-topic-missing',
      `Kafka topic '${topic}' does not exist at ${connection.brokers.join(', ')}, or this user may not Describe it. ` +
        'Grant that (docs/secured-kafka.md lists the rights), or create it, for example with: ' +
        `kafka-topics.sh --create --bootstrap-server ${connection.brokers[0]} --topic ${topic} --partitions 1`,
    );
  }
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0].partitions.length;
}

/** How long a topic that was just created may take until brokers know of it. */
const createdMs = 10_000;

/**
 * Creates topics, and waits until a broker knows of them: kafkajs waits too, but takes one that has not heard of the topic
 * yet for a failure.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false });
  const untilMs = Date.now() + createdMs;
  for (;;) {
    const known = await admin.listTopics();
    if (topics.every(({ topic }) => known.includes(topic)) && (await areLed(admin, topics))) return;
    if (Date.now() > untilMs) throw new Error(`no broker knows of the new topic after ${createdMs / 1000} s`);
    await sleep(50);
  }
}

/** Whether every partition has a leader that knows it. */
async function areLed(admin: Admin, topics: readonly ITopicConfig[]): Promise<boolean> {
  const asked = await Promise.allSettled(topics.map(({ topic }) => admin.fetchTopicOffsets(topic)));
  return asked.every(({ status }) => status === 'fulfilled');
}

/** How long a partition may be without a leader that knows it: one is chosen, or has only just been. */
const leaderlessMs = 10_000;

/** The watermarks of every partition of a topic, by partition number. */
export async function watermarks(admin: Admin, topic: string): Promise<Map<number, Watermarks>> {
  const offsets = await withPatience(leaderlessMs, () => admin.fetchTopicOffsets(topic));
  const entries = offsets
    .map(({ partition, low, high }) => [partition, { earliest: Number(low), latest: Number(high) }] as const)
    .sort(([a], [b]) => a - b);
  return new Map(entries);
}

/** The largest record batch a topic takes, in bytes (its `max.message.bytes`); null if the cluster does not say. */
export async function largestBatchBytes(admin: Admin, topic: string): Promise<number | null> {
  const topicResource = 2; // ConfigResourceTypes.TOPIC of kafkajs, which exports it as a const enum only
  const resource = { type: topicResource, name: topic, configNames: ['max.message.bytes'] };
  const { resources } = await admin
    .describeConfigs({ includeSynonyms: false, resources: [resource] })
    .catch((error: unknown) => {
      throw kafkaFailure(`DescribeConfigs of Kafka topic '${topic}'`, error);
    });
  const value = Number(resources[0]?.configEntries[0]?.configValue);
  return Number.isFinite(value) ? value : null;
}

/** The offsets that a group has committed for a topic, by partition number; partitions without one are left out. */
export async function committedOffsets(admin: Admin, groupId: string, topic: string): Promise<Map<number, number>> {
  const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = (answer?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)] as const);
  return new Map(committed.filter(([, offset]) => offset >= 0));
}
