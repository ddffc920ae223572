// Reading over the wire what real clients and a real broker have written.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Producer } from '@platformatic/kafka';
import type { Transaction } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { recordList } from '../../../src/sample/listed-records.ts';
import type { SourceRecord } from '../../../src/sample/record.ts';
import { claimedChunks } from '../../support/claimed-chunks.ts';
import { createKafkaTool } from '../../support/kafka-topics.ts';
import { sharedBroker } from '../../support/shared-broker.ts';
import { createSourceMaker, never, numbered, numbers, readToEnd, START, valuesOf } from '../read-source.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const sourceOf = createSourceMaker(brokers, { consumer: 'wire', stopAtEnd: true });

/** A value that shrinks when compressed, and differs from record to record. */
function repetitive(index: number): string {
  return `${index} ${'millrace '.repeat(20 + (index % 7))}`;
}

/** Numbers in [0, 1), the same from run to run: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe.skipIf(brokers.length === 0)('fetching over the wire', { timeout: 60_000 }, () => {
  const kinds = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

  it.each(kinds)('reads %s, as the broker compresses it and as another client does', async (compression) => {
    const byBroker = await tool.createTopic(1, [{ name: 'compression.type', value: compression }]);
    const values = Array.from({ length: 1500 }, (_, index) => repetitive(index));
    await tool.send(
      byBroker,
      values.map((value) => ({ value, headers: { kind: compression } })),
    );
    const byClient = await tool.createTopic(1);
    const producer = new Producer<string, string, string, string>({
      clientId: 'test',
      bootstrapBrokers: brokers,
      compression,
      serializers: { value: (value?: string) => Buffer.from(value ?? '') },
    });
    for (let at = 0; at < values.length; at += 500) {
      const messages = values.slice(at, at + 500).map((value) => ({ topic: byClient, value, partition: 0 }));
      await producer.send({ messages });
    }
    await producer.close();
    for (const topic of [byBroker, byClient]) {
      const records = await readToEnd(sourceOf(topic, { maxBytesPerPartition: 4096 }));
      expect(valuesOf(records)).toEqual(values);
      expect(records.map(({ offset }) => offset)).toEqual(values.map((_, index) => index));
      // From the middle of a batch.
      const rest = await readToEnd(sourceOf(topic), new Map([[0, 777]]));
      expect(valuesOf(rest)).toEqual(values.slice(777));
    }
  });

  it.each(kinds)('ends at a batch of %s that is too long, and reads it where more is allowed', async (compression) => {
    const topic = await tool.createTopic(1, [{ name: 'compression.type', value: compression }]);
    await tool.send(topic, [{ value: 'before' }]);
    await tool.send(topic, [{ value: 'x'.repeat(300_000) }]);
    await tool.send(topic, [{ value: 'after' }]);
    await expect(readToEnd(sourceOf(topic, { maxBytesPerPartition: 1024 }))).rejects.toMatchObject({
      code: 'kafka-batch-too-large',
      message: expect.stringMatching(
        /partition 0: the record batch at offset 1 .* limit is 262144\. Raise `source\.kafka\.maxBytesPerPartition`/,
      ),
    });
    const records = await readToEnd(sourceOf(topic, { maxBytesPerPartition: 2048 }));
    expect(records.map(({ value }) => value?.length)).toEqual([6, 300_000, 5]);
  });

  it("gives the broker's time where the topic says so", async () => {
    const topic = await tool.createTopic(1, [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]);
    const beforeMs = Date.now();
    await tool.send(topic, [
      { value: 'a', timestamp: '1700000000000' },
      { value: 'b', timestamp: '1700000000001' },
    ]);
    const records = await readToEnd(sourceOf(topic));
    for (const { timestampMs } of records) {
      expect(timestampMs).toBeGreaterThanOrEqual(beforeMs - 1000);
      expect(timestampMs).toBeLessThanOrEqual(Date.now() + 1000);
    }
  });

  it.each([1, 2])('shows what was committed of interleaved transactions and nothing else (seed %i)', async (seed) => {
    const topic = await tool.createTopic(1);
    const random = createRandom(seed);
    const committed: string[] = [];
    const everyone: string[] = [];
    const producers = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const options = { transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 };
        const producer = tool.kafka.producer({ ...options, retry: { initialRetryTime: 5 } });
        await producer.connect();
        return { producer, open: null as Transaction | null, sent: [] as string[] };
      }),
    );
    let value = 0;
    for (let step = 0; step < 60; step++) {
      const one = producers[Math.floor(random() * producers.length)];
      const choice = random();
      if (choice < 0.15) {
        const plain = String(value++);
        await tool.send(topic, [{ key: Buffer.alloc(4), value: plain }]);
        committed.push(plain);
        everyone.push(plain);
      } else if (choice < 0.7 || !one.open) {
        one.open ??= await one.producer.transaction();
        const values = numbers(value, value + 1 + Math.floor(random() * 3));
        value += values.length;
        // Four zero bytes are what the key of an abort marker looks like.
        const messages = values.map((text) => ({ key: Buffer.alloc(4), value: text, partition: 0 }));
        await one.open.send({ topic, messages });
        one.sent.push(...values);
        everyone.push(...values);
      } else {
        if (random() < 0.5) {
          await one.open.commit();
          committed.push(...one.sent);
        } else await one.open.abort();
        one.open = null;
        one.sent = [];
      }
    }
    for (const { producer, open } of producers) {
      await open?.abort();
      await producer.disconnect();
    }
    const inOrder = committed.sort((a, b) => Number(a) - Number(b));
    for (const maxBytesPerPartition of [1024, 1 << 20]) {
      const records = await readToEnd(sourceOf(topic, { maxBytesPerPartition }));
      expect(valuesOf(records)).toEqual(inOrder);
      // From any position: each is the offset of a record that the whole shows, or lies between two.
      const from = Math.floor(random() * value);
      const rest = await readToEnd(sourceOf(topic, { maxBytesPerPartition }), new Map([[0, from]]));
      expect(valuesOf(rest)).toEqual(valuesOf(records.filter(({ offset }) => offset >= from)));
    }
    expect(valuesOf(await readToEnd(sourceOf(topic, { isolation: 'read_uncommitted' })))).toEqual(everyone);
  });

  it('waits before a transaction that is open, and goes on with its end', async () => {
    const topic = await tool.createTopic(1);
    const producer = tool.kafka.producer({ transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await tool.send(topic, numbered(0, 3));
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: '3', partition: 0 }] });
    await tool.send(topic, numbered(4, 6));
    const source = sourceOf(topic, { stopAtEnd: false });
    await source.open();
    const seen: SourceRecord[] = [];
    const reading = (async () => {
      for await (const { records, nextOffset } of claimedChunks(source, START, never)) {
        seen.push(...recordList(records));
        if (nextOffset >= 6) break;
      }
    })();
    await expect.poll(() => valuesOf(seen), { timeout: 10_000 }).toEqual(numbers(0, 3));
    await sleep(700);
    expect(seen).toHaveLength(3);
    await transaction.commit();
    await reading;
    await source.close();
    await producer.disconnect();
    expect(valuesOf(seen)).toEqual(numbers(0, 6));
  });

  it('passes large batches of several partitions, though only the first of an answer comes whole', async () => {
    const topic = await tool.createTopic(3);
    for (const partition of [0, 1, 2]) {
      for (let index = 0; index < 4; index++) {
        await tool.send(topic, [{ partition, value: `${index} ${'x'.repeat(index % 2 === 0 ? 200_000 : 10)}` }]);
      }
    }
    const startedMs = performance.now();
    const records = await readToEnd(sourceOf(topic, { maxBytesPerPartition: 1024 }));
    expect(records.map(({ offset }) => offset).sort()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  it('is not kept waiting by partitions that have nothing', async () => {
    const topic = await tool.createTopic(4);
    const filler = 'x'.repeat(500);
    await tool.send(
      topic,
      Array.from({ length: 400 }, (_, index) => ({ partition: 1, value: `${index} ${filler}` })),
      10,
    );
    const source = sourceOf(topic, { stopAtEnd: false, maxBytesPerPartition: 1024 });
    await source.open();
    const startedMs = performance.now();
    let seen = 0;
    for await (const { records } of claimedChunks(source, START, never)) {
      seen += records.length;
      if (seen >= 400) break;
    }
    expect(performance.now() - startedMs).toBeLessThan(4000);
    await source.close();
  });

  it('notices that the topic is another one of the same name', async () => {
    const topic = await tool.createTopic(1);
    await tool.send(topic, numbered(0, 5));
    const source = sourceOf(topic, { stopAtEnd: false });
    await source.open();
    const admin = tool.kafka.admin();
    await admin.connect();
    const reading = (async () => {
      for await (const { nextOffset } of claimedChunks(source, START, never)) {
        if (nextOffset < 5) continue;
        await admin.deleteTopics({ topics: [topic] });
        await sleep(500);
        await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
        await tool.send(topic, numbered(100, 120));
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'topic-recreated' });
    await admin.disconnect();
    await source.close();
  });
});
