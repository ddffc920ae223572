// Fetches the partitions of a topic, from positions that are its user's: one request at a time to each broker, for all the
// partitions that it leads and that want more. Leaders that move and brokers that are away are looked for again, for a
// bounded time; a position never changes but by what was read.

import type { Connection } from '@platformatic/kafka';
import type { KafkaConnection } from '../client.ts';
import { createWireCluster, type WireCluster } from './cluster.ts';
import { type FetchedPartition, type FetchTopic, fetchPartitions } from './fetch.ts';
import { type FetchTarget, fetchMayPass, readAnswer } from './fetch-answer.ts';
import { createWait, idleLanes, type Lane, lanesOf, pauseLane, retryPauseMs } from './fetch-lane.ts';

export interface FetcherOptions {
  readonly connection: KafkaConnection;
  readonly topic: FetchTopic;
  /** Bytes of one answer for each partition; a batch comes whole even if larger. */
  readonly partitionBytesMax: number;
  readonly isolation: 'read_committed' | 'read_uncommitted';
  /** How long failures may go on. */
  readonly outageMs: number;
  readonly target: FetchTarget;
}

export interface Fetcher {
  /** Fetches these partitions, and no others, from now on. */
  read(partitions: readonly number[]): void;
  /** Fetches no more. */
  stop(): void;
  /** Fetches no more and lets go of the connections. */
  close(): Promise<void>;
}

/** Connects nowhere until it is to read. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { topic, target, partitionBytesMax, isolation } = options;
  const cluster = createWireCluster(options.connection);
  const asked = new Set<Connection>();
  let lanes: readonly Lane[] = [];
  let running = false;
  let stopped = false;
  let turn = 0;
  const wait = createWait();
  let change = Promise.withResolvers<void>();
  const wake = () => change.resolve();

  /** Asks every leader that is not being asked for what is wanted of it, again and again. */
  async function run(): Promise<void> {
    while (!stopped) {
      change = Promise.withResolvers();
      const wanted = idleLanes(lanes).filter(({ partition }) => target.next(partition) < target.end(partition));
      const waitMs = wait.next(lanes);
      const byLeader = await groupByLeader(cluster, topic.name, wanted, failed);
      for (const [leader, led] of byLeader) if (!asked.has(leader) && !stopped) void ask(leader, led, waitMs);
      await change.promise;
    }
  }

  async function ask(leader: Connection, led: readonly Lane[], waitMs: number): Promise<void> {
    const partitions = led.map(({ partition }) => ({ partition, offset: target.next(partition) }));
    for (const lane of led) lane.state = 'asked';
    asked.add(leader);
    try {
      const answers = await fetchPartitions(leader, { topic, partitions, waitMs, partitionBytesMax, isolation });
      const taken = led.map((lane) => accept(lane, answers));
      // What is taken at once can be asked for together with the rest.
      await Promise.race([Promise.all(taken), new Promise(setImmediate)]);
      for (const one of taken) void one.then(wake);
    } catch (error) {
      failed(led, error);
    }
    asked.delete(leader);
    wake();
  }

  async function accept(lane: Lane, answers: readonly FetchedPartition[]): Promise<void> {
    lane.state = 'held';
    try {
      const answer = answers.find(({ partition }) => partition === lane.partition);
      const read = await readAnswer(target, lane.partition, answer, isolation);
      lane.failingSinceMs = null;
      if (read.nextOffset > target.next(lane.partition)) lane.servedTurn = ++turn;
      await target.take(lane.partition, read, answer?.highWatermark ?? 0);
      lane.state = 'idle';
      if (read.records.length > 0) wait.taken();
    } catch (error) {
      failed([lane], error);
    }
  }

  function failed(which: readonly Lane[], error: unknown): void {
    if (stopped) return;
    const isHopeful = which.map((lane) => pauseLane(lane, options.outageMs)).every(Boolean);
    if (!isHopeful || !fetchMayPass(error)) {
      stop();
      target.fail(error);
    } else {
      cluster.forget();
      setTimeout(wake, retryPauseMs + 1);
    }
  }

  function stop(): void {
    stopped = true;
    wake();
  }

  return {
    read(partitions) {
      lanes = lanesOf(partitions, lanes);
      wake();
      if (!running) void run();
      running = true;
    },
    stop,
    async close() {
      stop();
      await cluster.close();
    },
  };
}

/** The lanes by the connection to the broker that leads them; `failed` hears of those that have none. */
async function groupByLeader(
  cluster: WireCluster,
  topic: string,
  lanes: readonly Lane[],
  failed: (lanes: readonly Lane[], error: unknown) => void,
): Promise<Map<Connection, Lane[]>> {
  const byLeader = new Map<Connection, Lane[]>();
  for (const lane of lanes) {
    try {
      const leader = await cluster.leader(topic, lane.partition);
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), lane]);
    } catch (error) {
      failed([lane], error);
    }
  }
  return byLeader;
}
