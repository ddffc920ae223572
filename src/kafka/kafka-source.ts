// The way in from a Kafka topic. At-least-once: it resumes at the positions of the checkpoint, never at the group's,
// and the group's offsets are for lag monitors only.

import { messageOf } from '../errors.ts';
import type { InputIdentity, Source } from '../pipeline/ports.ts';
import { type Chunk, type Positions, pieces } from '../sample/record.ts';
import { createKafkaClient, type KafkaConnection } from './client.ts';
import { createHandoff, type Handoff } from './handoff.ts';
import { defaultOutageMs } from './patience.ts';
import { createProgress, type OnLost, startPositions } from './progress.ts';
import { createReader, type Reader } from './reader.ts';
import { createTopicEnds } from './topic-ends.ts';
import { partitionCount, watermarks, withAdmin } from './topics.ts';
import { topicIdentity } from './wire/topic-identity.ts';

export interface KafkaSourceOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** All partitions go to one member of the group; others stand by. */
  readonly groupId: string;
  /** Ends once every partition has reached the end it had at `open`. An open transaction before it is waited for. */
  readonly stopAtEnd?: boolean;
  /** Bytes of records, decompressed, fetched ahead of each partition; one batch comes whole even if larger. Default 1 MiB. */
  readonly maxBytesPerPartition?: number;
  /** Default `read_committed`: records of aborted transactions are not delivered. */
  readonly isolation?: 'read_committed' | 'read_uncommitted';
  /** Hears of records that retention has removed before they were read; without it their loss is an error. */
  readonly onLost?: OnLost;
  /** Default 6000: a standby takes over so long after the death of the owner. */
  readonly sessionTimeoutMs?: number;
  /** How long brokers may be out of reach during a run before it fails. Default 60000. */
  readonly outageMs?: number;
  /** Default `wire`, which reads batches itself; `kafkajs` goes through that client. */
  readonly consumer?: 'wire' | 'kafkajs';
}

/** A fetch is given in pieces: while one is learnt, all that waits for an answer of a broker's waits too. */
const pieceRecordsMax = 4000;

/** What comes through a handoff, in pieces, until it ends or `signal` aborts. */
async function* taken(handoff: Handoff<Chunk>, signal: AbortSignal): AsyncGenerator<Chunk> {
  for (let chunk = await handoff.take(); chunk !== null; chunk = await handoff.take()) {
    for (const piece of pieces(chunk, pieceRecordsMax)) {
      if (signal.aborted) return;
      yield piece;
    }
  }
}

/** A source over a topic that exists. Its origin is the topic's name. */
export function createKafkaSource(options: KafkaSourceOptions): Source {
  const { topic, connection } = options;
  const client = createKafkaClient(connection);
  let ends: Positions | null = null;
  let identity: InputIdentity | null = null;
  let reader: Reader | null = null;
  let closed = false;

  const topicEnds = createTopicEnds(() => withAdmin(client, connection, (admin) => watermarks(admin, topic)));

  const handoff = createHandoff<Chunk>();
  const released = Promise.withResolvers<unknown>();

  async function claim(signal: AbortSignal, onStandby: () => void): Promise<boolean> {
    if (signal.aborted || closed) return false;
    reader = createReader({
      ...{ client, connection, topic, groupId: options.groupId },
      topicId: identity?.id ?? null,
      consumer: options.consumer ?? 'wire',
      maxBytesPerPartition: options.maxBytesPerPartition ?? 1 << 20,
      isolation: options.isolation ?? 'read_committed',
      sessionTimeoutMs: options.sessionTimeoutMs ?? 6000,
      outageMs: options.outageMs ?? defaultOutageMs,
      progress: createProgress(ends),
      ...{ handoff, ends: topicEnds, held: topicEnds.ask },
    });
    signal.addEventListener('abort', released.resolve);
    try {
      reader.join(onStandby);
      await Promise.race([reader.claimed, released.promise, handoff.failed]);
    } finally {
      signal.removeEventListener('abort', released.resolve);
    }
    return !signal.aborted && !closed;
  }

  async function* chunks(from: Positions, signal: AbortSignal): AsyncGenerator<Chunk> {
    if (!reader) throw new Error(`topic ${topic} is read before it is claimed`);
    const abort = () => handoff.end();
    signal.addEventListener('abort', abort);
    const unwatch = topicEnds.watch();
    try {
      const start = startPositions(topic, from, await topicEnds.ask(), options.onLost);
      if (signal.aborted || closed) return;
      reader.begin(start);
      yield* taken(handoff, signal);
    } finally {
      unwatch();
      signal.removeEventListener('abort', abort);
      handoff.end();
      reader?.pause();
    }
  }

  return {
    name: `topic ${topic}`,
    origin: topic,
    columns: null,
    ends: topicEnds.ends,
    get identity() {
      return identity;
    },
    async open() {
      const marks = await withAdmin(client, connection, async (admin) => {
        await partitionCount(admin, topic, connection);
        return watermarks(admin, topic);
      });
      identity = await topicIdentity(connection, topic);
      if (options.stopAtEnd) ends = new Map([...marks].map(([partition, { latest }]) => [partition, latest]));
    },
    claim,
    chunks,
    async acknowledge(positions) {
      // For monitors only: a group in the middle of a rebalance must not fail a run whose checkpoint is safe.
      await reader?.commit(positions).catch((error) => {
        connection.onLog?.('warn', `Offsets of group '${options.groupId}' were not committed: ${messageOf(error)}`);
      });
    },
    async close() {
      closed = true;
      released.resolve(null);
      await reader?.stop();
      reader = null;
    },
  };
}
