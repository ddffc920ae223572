// A source's membership in its group, which gives all partitions to one member, and the fetching of what it was given:
// from our positions, never the group's.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, Kafka, PartitionAssigner } from 'kafkajs';
import type { Chunk, Positions } from '../sample/record.ts';
import { connect, type KafkaConnection, kafkaFailure } from './client.ts';
import { watchConsumer } from './consumer-watch.ts';
import type { Fetching } from './fetching.ts';
import type { Handoff } from './handoff.ts';
import { createKafkajsFetching } from './kafkajs-fetching.ts';
import { createRestartBudget } from './patience.ts';
import type { Progress } from './progress.ts';
import type { ReadContext } from './read-context.ts';
import { createSoleOwnerAssigner } from './sole-owner-assigner.ts';
import type { TopicEnds } from './topic-ends.ts';
import type { Watermarks } from './topics.ts';
import { createWireFetching } from './wire-fetching.ts';

/** How long the broker may hold back an answer while there is nothing to read: bounds how long stopping takes. */
const fetchWaitMs = 500;

/** How long stopping waits for a start that is still under way. */
const stopWaitMs = 2000;

export interface ReaderOptions {
  readonly client: Kafka;
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** null where the cluster has no ids. */
  readonly topicId: string | null;
  /** `wire` fetches by itself; `kafkajs` leaves that to the group's consumer. */
  readonly consumer: 'wire' | 'kafkajs';
  readonly groupId: string;
  readonly maxBytesPerPartition: number;
  readonly isolation: 'read_committed' | 'read_uncommitted';
  /** A member not heard of for so long loses the partitions; a restart after kill -9 waits so long for them. */
  readonly sessionTimeoutMs: number;
  /** The client's restarts are given up once they have gone on for so long. */
  readonly outageMs: number;
  readonly progress: Progress;
  readonly handoff: Handoff<Chunk>;
  readonly ends: TopicEnds;
  /** What each partition of the topic holds now. */
  held(): Promise<Map<number, Watermarks>>;
}

export interface Reader {
  /**
   * Connects and joins. `claimed` resolves once this member has the partitions; `onStandby` hears that another one has
   * them. Failures, now or later, go to the handoff.
   */
  join(onStandby: () => void): void;
  readonly claimed: Promise<void>;
  /** Starts to offer chunks, from these positions on. */
  begin(start: Positions): void;
  /** Fetches no more, but stays in the group so that positions can still be committed. */
  pause(): void;
  commit(positions: Positions): Promise<void>;
  /** Leaves the group and disconnects. */
  stop(): Promise<void>;
}

export function createReader(options: ReaderOptions): Reader {
  const { topic, handoff } = options;
  const ownership = createSoleOwnerAssigner();
  const heartbeatMs = Math.floor(options.sessionTimeoutMs / 4);
  let stopped = false;
  const consumer = createConsumer(options, ownership.assigner, heartbeatMs, () => stopped);
  const context: ReadContext = {
    consumer,
    topic,
    groupId: options.groupId,
    progress: options.progress,
    handoff,
    ends: options.ends,
    held: options.held,
    warn: (message) => options.connection.onLog?.('warn', message),
    fail: (error) => {
      if (!stopped) handoff.fail(kafkaFailure(`Reading Kafka topic '${topic}' as group '${options.groupId}'`, error));
    },
  };
  const fetching = createFetching(context, options, heartbeatMs);
  const claimed = Promise.withResolvers<void>();
  let tellStandby = () => {};
  watchConsumer(context, fetching, (partitions) => {
    options.ends.own(partitions);
    ownership.owns(partitions.length > 0);
    if (partitions.length > 0) claimed.resolve();
    else tellStandby();
  });
  let joined = false;
  let running: Promise<void> = Promise.resolve();
  const run = async () => {
    await connect(consumer, options.connection);
    if (stopped) return;
    await consumer.subscribe({ topic, fromBeginning: true });
    if (stopped) return;
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: fetching.eachBatch });
    joined = true;
  };

  return {
    claimed: claimed.promise,
    begin(start) {
      const { progress } = options;
      progress.begin(start);
      if (progress.allDone()) return handoff.end();
      fetching.begin();
    },
    join(onStandby) {
      tellStandby = onStandby;
      // Stopped on the way: what `stop` has closed may have been opened again behind its back.
      running = run()
        .catch(context.fail)
        .then(() => (stopped ? consumer.disconnect() : undefined));
    },
    pause: fetching.pause,
    async commit(positions) {
      if (!joined) return;
      const offsets = [...positions].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }));
      await consumer.commitOffsets(offsets);
    },
    async stop() {
      stopped = true;
      handoff.end();
      await fetching.close();
      // A join cut off in the middle leaves a dead member in the group. But it may take as long as the session of another
      // dead one: then there is no waiting for it.
      await Promise.race([running, sleep(stopWaitMs, undefined, { ref: false })]);
      await consumer.disconnect();
    },
  };
}

function createFetching(context: ReadContext, options: ReaderOptions, heartbeatMs: number): Fetching {
  if (options.consumer === 'kafkajs') return createKafkajsFetching(context, { heartbeatMs, fetchWaitMs });
  const { connection, topic, topicId, isolation, outageMs, maxBytesPerPartition } = options;
  return createWireFetching(context, {
    ...{ connection, isolation, outageMs },
    topic: { name: topic, id: topicId },
    partitionBytesMax: maxBytesPerPartition,
  });
}

function createConsumer(
  options: ReaderOptions,
  assigner: PartitionAssigner,
  heartbeatMs: number,
  isStopped: () => boolean,
): Consumer {
  const { sessionTimeoutMs } = options;
  return options.client.consumer({
    groupId: options.groupId,
    partitionAssigners: [assigner],
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(sessionTimeoutMs, 30_000),
    heartbeatInterval: heartbeatMs,
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    allowAutoTopicCreation: false,
    readUncommitted: options.isolation === 'read_uncommitted',
    retry: { restartOnFailure: createRestartBudget(options.outageMs, isStopped) },
  });
}
