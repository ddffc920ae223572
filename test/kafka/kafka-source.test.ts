// What a user of the Kafka source sees, against a real broker, whichever way it reads.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createKafkaSource } from '../../src/kafka/kafka-source.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import type { Chunk } from '../../src/sample/record.ts';
import { claimedChunks } from '../support/claimed-chunks.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { consumers, createSourceMaker, never, numbered, numbers, readToEnd, START, valuesOf } from './read-source.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

describe.skipIf(brokers.length === 0).each(consumers)('Kafka source, consumer: %s', { timeout: 60_000 }, (consumer) => {
  const sourceOf = createSourceMaker(brokers, { consumer });

  it('keeps tombstones, keys, repeated headers and timestamps', async () => {
    const topic = await tool.createTopic(1, [{ name: 'retention.ms', value: '-1' }]);
    await tool.send(topic, [
      { key: 'k', value: '{"a":1}', timestamp: '1700000000123', headers: { trace: ['x', 'y'], other: 'z' } },
      { key: 'gone', value: null, timestamp: '1700000000124' },
      { value: '', timestamp: '1700000000125' },
    ]);
    const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());
    const records = await readToEnd(sourceOf(topic, { stopAtEnd: true }));
    expect(
      records.map((record) => ({
        ...record,
        key: text(record.key),
        value: text(record.value),
        headers: record.headers.map(([name, value]) => [name, text(value)]),
      })),
    ).toEqual([
      {
        key: 'k',
        value: '{"a":1}',
        headers: [
          ['trace', 'x'],
          ['trace', 'y'],
          ['other', 'z'],
        ],
        timestampMs: 1700000000123,
        offset: 0,
      },
      { key: 'gone', value: null, headers: [], timestampMs: 1700000000124, offset: 1 },
      { key: null, value: '', headers: [], timestampMs: 1700000000125, offset: 2 },
    ]);
  });

  it("starts at the positions given, whatever the group's offsets say", async () => {
    const topic = await tool.createTopic(1);
    await tool.send(topic, numbered(0, 20));
    const groupId = randomUUID();
    const first = sourceOf(topic, { groupId, stopAtEnd: true });
    await first.open();
    for await (const chunk of claimedChunks(first, START, never))
      await first.acknowledge(new Map([[0, chunk.nextOffset]]));
    await first.close();
    const admin = tool.kafka.admin();
    await admin.connect();
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    await admin.disconnect();
    expect(offsets.partitions).toMatchObject([{ partition: 0, offset: '20' }]);
    expect(valuesOf(await readToEnd(sourceOf(topic, { groupId, stopAtEnd: true }), new Map([[0, 5]])))).toEqual(
      numbers(5, 20),
    );
    expect(valuesOf(await readToEnd(sourceOf(topic, { groupId, stopAtEnd: true })))).toEqual(numbers(0, 20));
  });

  it('ends at once on an empty topic, and on one whose partitions are partly empty', async () => {
    const topic = await tool.createTopic(4);
    expect(await readToEnd(sourceOf(topic, { stopAtEnd: true }))).toEqual([]);
    await tool.send(
      topic,
      numbered(0, 3).map((message) => ({ ...message, partition: 2 })),
    );
    expect(valuesOf(await readToEnd(sourceOf(topic, { stopAtEnd: true })))).toEqual(numbers(0, 3));
  });

  it('ends at the end seen when it was opened, though more arrives', async () => {
    const topic = await tool.createTopic(1);
    await tool.send(topic, numbered(0, 10));
    const source = sourceOf(topic, { stopAtEnd: true });
    await source.open();
    await tool.send(topic, numbered(10, 15));
    const chunks: Chunk[] = [];
    for await (const chunk of claimedChunks(source, START, never)) chunks.push(chunk);
    await source.close();
    expect(valuesOf(chunks.flatMap(({ records }) => recordList(records)))).toEqual(numbers(0, 10));
    expect(chunks.at(-1)?.nextOffset).toBe(10);
  });

  it('delivers no record of an aborted transaction, and ends after the control records at the tail', async () => {
    const topic = await tool.createTopic(1);
    await tool.sendTransaction(topic, numbered(0, 3), 'commit');
    await tool.sendTransaction(topic, numbered(100, 103), 'abort');
    await tool.sendTransaction(topic, numbered(3, 5), 'commit');
    await tool.sendTransaction(topic, numbered(200, 203), 'abort');
    // A transaction is over for its producer a moment before its markers are there, and the end that is read to is theirs.
    const read = async () => valuesOf(await readToEnd(sourceOf(topic, { stopAtEnd: true })));
    await expect.poll(read, { timeout: 10_000 }).toEqual(numbers(0, 5));
    const uncommitted = sourceOf(topic, { stopAtEnd: true, isolation: 'read_uncommitted' });
    expect(await readToEnd(uncommitted)).toHaveLength(11);
    // From the middle of nothing but aborted records and markers.
    expect(await readToEnd(sourceOf(topic, { stopAtEnd: true }), new Map([[0, 11]]))).toEqual([]);
  });

  it('passes a record of 10 MB and goes on', async () => {
    const topic = await tool.createTopic(1, [{ name: 'max.message.bytes', value: String(12 << 20) }]);
    const large = Buffer.alloc(10 << 20, 'x');
    await tool.send(topic, [{ value: 'before' }]);
    await tool.send(topic, [{ value: large }]);
    await tool.send(topic, [{ value: 'after' }]);
    const source = sourceOf(topic, { stopAtEnd: true, maxBytesPerPartition: 65_536 });
    const records = await readToEnd(source);
    expect(records.map(({ value }) => value?.length)).toEqual([6, 10 << 20, 5]);
  });

  it('ends within a second of an abort while idle, and closes', async () => {
    const topic = await tool.createTopic(2);
    const source = sourceOf(topic);
    await source.open();
    const controller = new AbortController();
    const reading = claimedChunks(source, START, controller.signal)[Symbol.asyncIterator]().next();
    await sleep(1500);
    const abortedMs = performance.now();
    controller.abort();
    expect(await reading).toEqual({ done: true, value: undefined });
    await source.acknowledge(new Map([[0, 0]]));
    await source.close();
    expect(performance.now() - abortedMs).toBeLessThan(2000);
  });

  it.each([0, 20, 100, 300])('leaves nothing running when closed %i ms after its start', async (delayMs) => {
    const topic = await tool.createTopic(1);
    const groupId = randomUUID();
    const source = sourceOf(topic, { groupId });
    await source.open();
    const reading = claimedChunks(source, START, never)[Symbol.asyncIterator]().next();
    await sleep(delayMs);
    await source.close();
    expect(await reading).toEqual({ done: true, value: undefined });
    const admin = tool.kafka.admin();
    await admin.connect();
    await sleep(500);
    const { groups } = await admin.describeGroups([groupId]);
    await admin.disconnect();
    expect(groups[0].members).toEqual([]);
  });

  it('ends at once where every partition is at its end already', async () => {
    const topic = await tool.createTopic(2);
    await tool.send(topic, numbered(0, 5));
    const log: string[] = [];
    const connection = { brokers, onLog: (_: string, message: string) => log.push(message) };
    const source = sourceOf(topic, { stopAtEnd: true, connection });
    await source.open();
    const next = await claimedChunks(source, new Map([[0, 5]]), never)
      [Symbol.asyncIterator]()
      .next();
    expect(next.done).toBe(true);
    await source.acknowledge(new Map([[0, 5]]));
    await source.close();
    expect(log).toEqual([]);
  });

  it('stands by while another member of its group reads, and takes over when that one leaves', async () => {
    const topic = await tool.createTopic(2);
    const groupId = randomUUID();
    let stoodBy = false;
    const owner = sourceOf(topic, { groupId });
    await owner.open();
    const ownerStop = new AbortController();
    const seenByOwner: string[] = [];
    const owning = (async () => {
      for await (const { records } of claimedChunks(owner, START, ownerStop.signal))
        seenByOwner.push(...valuesOf(recordList(records)));
    })();
    await tool.send(topic, [{ value: 'a' }, { value: 'b', partition: 1 }]);
    await expect.poll(() => seenByOwner.toSorted(), { timeout: 10_000 }).toEqual(['a', 'b']);

    const standby = sourceOf(topic, { groupId });
    await standby.open();
    const standbyStop = new AbortController();
    const seenByStandby: string[] = [];
    const standing = (async () => {
      const onStandby = () => {
        stoodBy = true;
      };
      for await (const { records } of claimedChunks(standby, START, standbyStop.signal, onStandby))
        seenByStandby.push(...valuesOf(recordList(records)));
    })();
    await expect.poll(() => stoodBy, { timeout: 15_000 }).toBe(true);
    await tool.send(topic, [{ value: 'c' }, { value: 'd', partition: 1 }]);
    await expect.poll(() => seenByOwner.toSorted(), { timeout: 15_000 }).toEqual(['a', 'b', 'c', 'd']);
    expect(seenByStandby).toEqual([]);

    ownerStop.abort();
    await owning;
    await owner.close();
    await expect.poll(() => seenByStandby.toSorted(), { timeout: 15_000 }).toEqual(['a', 'b', 'c', 'd']);
    standbyStop.abort();
    await standing;
    await standby.close();
  });

  it('names a missing topic and the command that creates it, and does not create it', async () => {
    const topic = `absent-${randomUUID()}`;
    const source = sourceOf(topic);
    await expect(source.open()).rejects.toMatchObject({
      code: 'kafka-topic-missing',
      message: expect.stringMatching(
        new RegExp(`'${topic}' does not exist at ${brokers[0]}.*kafka-topics.sh --create .* --topic ${topic} `),
      ),
    });
    await source.close();
    const admin = tool.kafka.admin();
    await admin.connect();
    expect(await admin.listTopics()).not.toContain(topic);
    await admin.disconnect();
  });

  it('refuses a position that the partition does not hold', async () => {
    const topic = await tool.createTopic(1);
    await tool.send(topic, numbered(0, 10));
    await tool.deleteBefore(topic, 6);
    await expect(readToEnd(sourceOf(topic, { stopAtEnd: true }), new Map([[0, 3]]))).rejects.toMatchObject({
      code: 'kafka-offset-out-of-range',
      message: expect.stringContaining('holds offsets 6..10, but offset 3 comes next'),
    });
    await expect(readToEnd(sourceOf(topic), new Map([[0, 11]]))).rejects.toMatchObject({
      code: 'kafka-offset-out-of-range',
    });
    expect(valuesOf(await readToEnd(sourceOf(topic, { stopAtEnd: true })))).toEqual(numbers(6, 10));
  });

  it.each([true, false])('fails, and does not jump, when retention passes it (more to read: %s)', async (more) => {
    const topic = await tool.createTopic(1);
    const messages = numbered(0, 1000).map(({ value }) => ({ value: value.padEnd(500) }));
    await tool.send(topic, messages, 50);
    const source = sourceOf(topic, { maxBytesPerPartition: 1024 });
    await source.open();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { records, nextOffset } of claimedChunks(source, START, never)) {
        seen.push(...recordList(records).map(({ offset }) => offset));
        if (nextOffset !== 500) continue;
        await tool.deleteBefore(topic, 1000);
        if (more) await tool.send(topic, numbered(1000, 1010));
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'kafka-offset-out-of-range' });
    expect(seen).toEqual(seen.map((_, index) => index));
    expect(seen.length).toBeLessThan(1000);
    await source.close();
  });
});

describe('Kafka source without a broker', () => {
  it('gives up within its retries, naming the brokers', async () => {
    const connection = { brokers: ['127.0.0.1:1', '127.0.0.1:2'], retry: { retries: 2, initialMs: 20, maxMs: 50 } };
    const source = createKafkaSource({ connection, topic: 't', groupId: 'g' });
    await expect(source.open()).rejects.toMatchObject({
      code: 'kafka-unreachable',
      message: expect.stringContaining('No Kafka broker answers at 127.0.0.1:1, 127.0.0.1:2'),
    });
    await source.close();
  });

  it('gives up within 15 seconds by default', { timeout: 20_000 }, async () => {
    const startedMs = performance.now();
    const source = createKafkaSource({ connection: { brokers: ['127.0.0.1:1'] }, topic: 't', groupId: 'g' });
    await expect(source.open()).rejects.toMatchObject({ code: 'kafka-unreachable' });
    expect(performance.now() - startedMs).toBeLessThan(15_000);
  });
});
