// What waits to be taken stays within a bound over all partitions, and each of them gets on all the same.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Lane } from '../../../src/kafka/wire/fetch-lane.ts';
import { createFetcher, type Fetcher } from '../../../src/kafka/wire/fetcher.ts';
import { createReadAhead } from '../../../src/kafka/wire/read-ahead.ts';
import { createKafkaTool } from '../../support/kafka-topics.ts';
import { sharedBroker } from '../../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

function lane(partition: number, more: Partial<Lane> = {}): Lane {
  const idle = { heldBytes: 0, isAwaited: false, servedAtMs: 0, failingSinceMs: null, notBeforeMs: 0 };
  return { partition, state: 'idle', ...idle, ...more };
}

const held = (partition: number, heldBytes: number): Lane => lane(partition, { state: 'held', heldBytes });
const many = (from: number, to: number): Lane[] => Array.from({ length: to - from }, (_, index) => lane(from + index));

describe('read ahead', () => {
  const sizes = { partitionBytesMax: 100, aheadBytesMax: 1600 };

  /** Of uncompressed records. */
  function readAhead() {
    const ahead = createReadAhead(sizes);
    ahead.heed(1);
    return ahead;
  }

  it('asks for no more than has room, and for at most a quarter of that at a time', () => {
    const lanes = many(0, 64);
    const [first] = readAhead().shares(lanes, new Map(), new Map([['a', lanes]]));
    expect(first.lanes).toEqual(lanes);
    expect(first.limits).toEqual({ partitionBytesMax: 100, answerBytesMax: 400 });
    const few = many(0, 3);
    const [second] = readAhead().shares(few, new Map(), new Map([['a', few]]));
    expect(second.limits).toEqual({ partitionBytesMax: 100, answerBytesMax: 300 });
  });

  it('asks for nothing while too much waits, but for what somebody waits for', () => {
    const ahead = readAhead();
    const full = [held(0, 1000), held(1, 300), ...many(2, 9)];
    const wanted = new Map([['a', full.slice(2)]]);
    expect(ahead.isFull(full, new Map())).toBe(true);
    expect(ahead.shares(full, new Map(), wanted)).toEqual([]);
    full[5].isAwaited = true;
    expect(ahead.shares(full, new Map(), wanted)).toMatchObject([{ lanes: [full[5]], bytes: 100 }]);
    full[0].heldBytes = 900;
    expect(ahead.isFull(full, new Map())).toBe(false);
    expect(ahead.shares(full, new Map(), wanted)).toMatchObject([{ lanes: full.slice(2), bytes: 400 }]);
  });

  it.each([1, 2, 3, 7, 40])('gives all leaders together half of the room: %i of them', (count) => {
    const leaders = Array.from({ length: count }, (_, index) => index);
    const lanes = many(0, 8 * count);
    const wanted = new Map(leaders.map((leader) => [leader, lanes.slice(8 * leader, 8 * leader + 8)]));
    const shares = readAhead().shares(lanes, new Map(), wanted);
    expect(shares.map(({ leader }) => leader)).toEqual(leaders);
    expect(shares.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(count === 1 ? 400 : 800);
    // The others have nothing to tell for now: that does not keep this one from being asked again.
    const asked = new Map(shares.map(({ leader, bytes }) => [leader, bytes]));
    asked.delete(0);
    expect(readAhead().shares(lanes, asked, wanted)).toMatchObject([{ leader: 0, lanes: wanted.get(0) }]);
  });

  it('asks for less where records are longer than what comes', () => {
    const ahead = readAhead();
    const lanes = many(0, 64);
    ahead.heed(5);
    const [share] = ahead.shares(lanes, new Map(), new Map([['a', lanes]]));
    expect(share).toMatchObject({ bytes: 400, limits: { partitionBytesMax: 20, answerBytesMax: 80 } });
  });
});

interface Taken {
  readonly partition: number;
  readonly records: number;
  readonly bytes: number;
}

/** A fetcher of all partitions, of which nothing is taken but one chunk at a time, when a test says so. */
function slowFetcher(topic: string, partitions: number, sizes: { partitionBytesMax: number; aheadBytesMax: number }) {
  const waiting: (Taken & { readonly take: () => void })[] = [];
  const next = new Map<number, number>();
  let most = 0;
  const failure = Promise.withResolvers<never>();
  const fetcher: Fetcher = createFetcher({
    ...{ ...sizes, connection: { brokers }, topic: { name: topic, id: null } },
    ...{ isolation: 'read_committed', outageMs: 10_000 },
    target: {
      next: (partition) => next.get(partition) ?? 0,
      end: () => Number.POSITIVE_INFINITY,
      async take(partition, { records, bytes, nextOffset }) {
        if (records.length === 0) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push({ partition, records: records.length, bytes, take: resolve });
        most = Math.max(
          most,
          waiting.reduce((sum, one) => sum + one.bytes, 0),
        );
        await promise;
        next.set(partition, nextOffset);
      },
      outOfRange: async () => {},
      unknownTopic: async () => {},
      fail: failure.reject,
    },
  });
  fetcher.read(Array.from({ length: partitions }, (_, partition) => partition));
  return {
    fetcher,
    waiting,
    /** Bytes that waited, at the most. */
    most: () => most,
    /** Takes what waits the longest, or what waits the longest of one partition. */
    async take(partition?: number): Promise<Taken> {
      for (const untilMs = Date.now() + 10_000; Date.now() < untilMs; ) {
        const index = waiting.findIndex((one) => partition === undefined || one.partition === partition);
        const [taken] = index < 0 ? [] : waiting.splice(index, 1);
        taken?.take();
        if (taken) return taken;
        await Promise.race([sleep(5), failure.promise]);
      }
      throw new Error('nothing comes');
    },
  };
}

describe.skipIf(brokers.length === 0)('fetching ahead', { timeout: 60_000 }, () => {
  const partitions = 24;
  /** What gzip makes less than half of. */
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(10 * Math.random())).join('');

  /** Batches of 5 records of 2 kB, in each partition so many. */
  async function fill(batches: number, compression?: string): Promise<string> {
    const settings = compression ? [{ name: 'compression.type', value: compression }] : [];
    const topic = await tool.createTopic(partitions, settings);
    for (let batch = 0; batch < batches; batch++) {
      const messages = Array.from({ length: 5 * partitions }, (_, index) => ({
        partition: index % partitions,
        value: digits(2000),
      }));
      await tool.send(topic, messages, messages.length);
    }
    return topic;
  }

  it.each([undefined, 'gzip'])('is bounded over all partitions, which take turns (%s)', async (compression) => {
    const topic = await fill(4, compression);
    // Of each partition two batches of 10 kB at a time.
    const { take, most, waiting, fetcher } = slowFetcher(topic, partitions, {
      partitionBytesMax: 21_000,
      aheadBytesMax: 100_000,
    });
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    await sleep(500);
    const records = new Map<number, number>();
    const turns: number[] = [];
    while (turns.length < partitions || [...records.values()].some((count) => count < 20)) {
      const taken = await take();
      turns.push(taken.partition);
      records.set(taken.partition, (records.get(taken.partition) ?? 0) + taken.records);
    }
    // A batch more, and where its records lie.
    expect(most()).toBeLessThan(100_000 + 12_000);
    expect(most()).toBeGreaterThan(50_000);
    expect([...records.values()]).toEqual(Array.from({ length: partitions }, () => 20));
    // Nobody has a second turn before everybody had a first.
    expect(new Set(turns.slice(0, partitions)).size).toBe(partitions);
    await fetcher.close();
  });

  it('lets batches through that are larger than all that may wait', async () => {
    const topic = await fill(2);
    const { take, fetcher } = slowFetcher(topic, partitions, { partitionBytesMax: 1000, aheadBytesMax: 1000 });
    const counts = new Map<number, number>();
    for (let chunk = 0; chunk < 2 * partitions; chunk++) {
      const { partition, records } = await take();
      expect(records).toBe(5);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(Array.from({ length: partitions }, () => 2));
    await fetcher.close();
  });

  it('goes on with a partition that is waited for, though others fill the room', async () => {
    const topic = await fill(3);
    const { take, waiting, fetcher } = slowFetcher(topic, partitions, {
      partitionBytesMax: 11_000,
      aheadBytesMax: 60_000,
    });
    await expect.poll(() => waiting.length).toBeGreaterThan(3);
    await sleep(300);
    const last = Array.from({ length: partitions }, (_, index) => index).findLast(
      (partition) => !waiting.some((one) => one.partition === partition),
    );
    expect(last).toBeDefined();
    for (let batch = 0; batch < 3; batch++) {
      fetcher.expect(last ?? 0);
      expect((await take(last)).records).toBe(5);
    }
    await fetcher.close();
  });
});
