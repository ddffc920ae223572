// Fetches the partitions of a topic, from positions that are its user's: one request at a time to each broker, for all the
// partitions that it leads and that want more, as far as there is room for what it brings. Leaders that move and brokers
// that are away are looked for again, for a bounded time; a position never changes but by what was read.

import type { Connection } from '@platformatic/kafka';
import type { KafkaConnection } from '../client.ts';
import { createWireCluster, type WireCluster } from './cluster.ts';
import { type FetchedPartition, type FetchTopic, fetchPartitions } from './fetch.ts';
import { type FetchTarget, fetchMayPass, handOver } from './fetch-answer.ts';
import { createWait, idleLanes, type Lane, lanesOf, pauseLane, retryPauseMs } from './fetch-lane.ts';
import { createReadAhead, type ReadAheadOptions, type Share } from './read-ahead.ts';

export interface FetcherOptions extends ReadAheadOptions {
  readonly connection: KafkaConnection;
  readonly topic: FetchTopic;
  readonly isolation: 'read_committed' | 'read_uncommitted';
  /** Of one batch, decompressed: at a longer one it fails. 256 times `partitionBytesMax` unless said. */
  readonly batchBytesMax?: number;
  /** How long failures may go on. */
  readonly outageMs: number;
  readonly target: FetchTarget;
}

export interface Fetcher {
  /** Fetches these partitions, and no others, from now on. */
  read(partitions: readonly number[]): void;
  /** Somebody waits for this partition: it is fetched next, however much of others was not taken yet. */
  expect(partition: number): void;
  /** Fetches no more. */
  stop(): void;
  /** Fetches no more and lets go of the connections. */
  close(): Promise<void>;
}

/** How many times its share of an answer a batch may be: one that is longer is a mistake or an attack. */
const batchSharesMax = 256;

/** Connects nowhere until it is to read. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { topic, target, isolation, partitionBytesMax, batchBytesMax = batchSharesMax * partitionBytesMax } = options;
  const ahead = createReadAhead(options);
  const readOptions = { isolation, partitionBytesMax, batchBytesMax, heed: ahead.heed };
  const cluster = createWireCluster(options.connection);
  const asked = new Map<Connection, number>();
  let lanes: readonly Lane[] = [];
  let running = false;
  let stopped = false;
  const wait = createWait();
  let change = Promise.withResolvers<void>();
  const wake = () => change.resolve();

  /** Asks every leader that is not being asked for what is wanted of it and has room, again and again. */
  async function run(): Promise<void> {
    while (!stopped) {
      change = Promise.withResolvers();
      const wanted = wantedLanes(lanes, target, ahead.isFull(lanes, asked));
      const waitMs = wait.next(lanes);
      const byLeader = await groupByLeader(cluster, topic.name, wanted, failed);
      for (const share of ahead.shares(lanes, asked, byLeader)) if (!stopped) void ask(share, waitMs);
      await change.promise;
    }
  }

  async function ask({ leader, lanes: led, bytes, limits }: Share<Connection>, waitMs: number): Promise<void> {
    const partitions = led.map(({ partition }) => ({ partition, offset: target.next(partition) }));
    for (const lane of led) lane.state = 'asked';
    asked.set(leader, bytes);
    try {
      const answers = await fetchPartitions(leader, { topic, partitions, waitMs, isolation, ...limits });
      const byPartition = new Map(answers.map((answer) => [answer.partition, answer]));
      const taken = led.map((lane) => accept(lane, byPartition.get(lane.partition)));
      // What is taken at once can be asked for together with the rest.
      await Promise.race([Promise.all(taken), new Promise(setImmediate)]);
      for (const one of taken) void one.then(wake);
    } catch (error) {
      failed(led, error);
    }
    asked.delete(leader);
    wake();
  }

  /** Given the answer for one partition only, as it holds that until it was taken. */
  async function accept(lane: Lane, answer: FetchedPartition | undefined): Promise<void> {
    try {
      const { records } = await handOver(target, lane, answer, readOptions);
      if (records.length > 0) wait.taken();
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
    expect(partition) {
      for (const lane of lanes) lane.isAwaited ||= lane.partition === partition;
      wake();
    },
    stop,
    async close() {
      stop();
      await cluster.close();
    },
  };
}

/** The lanes to be asked for: all that may be and have not ended, or only those that somebody waits for. */
function wantedLanes(lanes: readonly Lane[], target: FetchTarget, onlyAwaited: boolean): Lane[] {
  return idleLanes(lanes).filter(
    ({ partition, isAwaited }) => (isAwaited || !onlyAwaited) && target.next(partition) < target.end(partition),
  );
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
      const led = byLeader.get(leader);
      if (led) led.push(lane);
      else byLeader.set(leader, [lane]);
    } catch (error) {
      failed([lane], error);
    }
  }
  return byLeader;
}
