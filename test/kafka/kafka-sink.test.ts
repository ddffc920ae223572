// What a user of the Kafka sink and of `produceRecords` sees, against a real broker.

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKafkaSink } from '../../src/kafka/kafka-sink.ts';
import { murmur2 } from '../../src/kafka/partition-choice.ts';
import { createMissingTopics, produceRecords } from '../../src/kafka/produce.ts';
import { listedRecords } from '../../src/sample/listed-records.ts';
import { sourceHeader } from '../../src/sample/packed-records.ts';
import { createPage } from '../../src/sample/page.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const connection = { brokers };

function record(value: string | Uint8Array | null, parts: Partial<OutputRecord> = {}): OutputRecord {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return { key: null, value: bytes, headers: [], timestampMs: null, partition: null, ...parts };
}

describe.skipIf(brokers.length === 0)('Kafka sink', () => {
  it('keeps keys, repeated headers, timestamps and tombstones', async () => {
    const topic = await tool.createTopic(1, [{ name: 'retention.ms', value: '-1' }]);
    const sink = createKafkaSink({ connection, topic });
    await sink.open(null);
    const headers = [
      ['trace', Buffer.from('x')],
      ['__proto__', Buffer.from('p')],
      ['trace', Buffer.from('y')],
    ] as const;
    await sink.write([
      record('v', { key: Buffer.from('k'), headers, timestampMs: 1700000000123 }),
      record(null, { key: new Uint8Array([1, 2]), timestampMs: 0 }),
    ]);
    await sink.close();
    const [first, second] = (await tool.readAll(topic)).get(0) ?? [];
    expect([String(first.key), String(first.value), first.timestamp]).toEqual(['k', 'v', '1700000000123']);
    expect(first.headers?.trace).toEqual([Buffer.from('x'), Buffer.from('y')]);
    expect(Object.keys(first.headers ?? {})).toContain('__proto__');
    expect([second.key, second.value, second.timestamp]).toEqual([Buffer.from([1, 2]), null, '0']);
  });

  it.each([
    ['wire', 0],
    ['kafkajs', 12],
  ] as const)('frees packed records as soon as nobody reads them: %s', async (producer, bytesLeft) => {
    const topic = await tool.createTopic(1);
    const sink = createKafkaSink({ connection, topic, producer });
    await sink.open(null);
    const timestampMs = Date.now();
    const page = createPage(12);
    page.bytes.write('p-1in/0/7p-2');
    const sample = { key: Buffer.from('k'), value: null, headers: [], timestampMs, offset: 7 };
    const samples = listedRecords([sample, sample]);
    const ends = Int32Array.of(3, 9, 12, 12);
    await sink.write({ length: 2, ...page, ends, samples, index: Int32Array.of(0, 1), partition: 0 });
    expect(page.bytes).toHaveLength(bytesLeft);
    await sink.close();
    const found = (await tool.readAll(topic)).get(0) ?? [];
    expect(found.map(({ value, headers }) => [String(value), String(headers?.[sourceHeader])])).toEqual([
      ['p-1', 'in/0/7'],
      ['p-2', ''],
    ]);
  });

  it('keeps the order of every input partition, and of every key', async () => {
    const topic = await tool.createTopic(3);
    const sink = createKafkaSink({ connection, topic });
    await sink.open(null);
    const sent = Array.from({ length: 6000 }, (_, index) =>
      index % 2 === 0
        ? record(`${index}`, { partition: index % 5 })
        : record(`${index}`, { key: Buffer.from(`k${index % 7}`) }),
    );
    for (let at = 0; at < sent.length; at += 700) await sink.write(sent.slice(at, at + 700));
    expect(await sink.flush()).toBeNull();
    const found = await tool.readAll(topic);
    await sink.close();
    const wanted = [0, 1, 2].map((partition) =>
      sent
        .filter(({ partition: named, key }) =>
          named === null ? (murmur2(key ?? Buffer.of()) & 0x7fffffff) % 3 === partition : named % 3 === partition,
        )
        .map(({ value }) => String(value)),
    );
    expect([...found.values()].map((messages) => messages.map(({ value }) => String(value)))).toEqual(wanted);
  });

  it('sends what a batch of the topic cannot hold in several', async () => {
    const topic = await tool.createTopic(1, [{ name: 'max.message.bytes', value: '100000' }]);
    const sink = createKafkaSink({ connection, topic });
    await sink.open(null);
    await sink.write(Array.from({ length: 200 }, (_, index) => record(String(index).padEnd(3000))));
    await sink.close();
    expect((await tool.readAll(topic)).get(0)).toHaveLength(200);
  });

  it('delivers without a flush, soon', async () => {
    const topic = await tool.createTopic(1);
    const sink = createKafkaSink({ connection, topic });
    await sink.open(null);
    await sink.write([record('now')]);
    await expect.poll(async () => (await tool.readAll(topic)).get(0)?.length, { timeout: 5000 }).toBe(1);
    await sink.close();
  });

  it('fails on a record that its topic does not take, naming the setting, and can be closed', async () => {
    const topic = await tool.createTopic(1, [{ name: 'max.message.bytes', value: '5000' }]);
    const sink = createKafkaSink({ connection, topic });
    await sink.open(null);
    await expect(sink.write([record('small'), record(new Uint8Array(6000))])).rejects.toMatchObject({
      code: 'kafka-record-too-large',
      message: expect.stringContaining('Raise `max.message.bytes`'),
    });
    await sink.close();
  });

  it('cuts such a record where it is told to, so that a dead letter cannot stop the stream', async () => {
    const topic = await tool.createTopic(1, [{ name: 'max.message.bytes', value: '5000' }]);
    const sink = createKafkaSink({ connection, topic, oversize: 'truncate' });
    await sink.open(null);
    await sink.write([record(Buffer.alloc(10 << 20, 'x'), { key: Buffer.from('k') }), record('next')]);
    await sink.close();
    const [cut, next] = (await tool.readAll(topic)).get(0) ?? [];
    expect(cut.value?.length).toBeGreaterThan(4000);
    expect(String(cut.headers?.['millrace-original-bytes'])).toBe(String(10 << 20));
    expect(String(next.value)).toBe('next');
  });

  it('fails within its retries, and may then be closed, without a broker', async () => {
    const retry = { retries: 1, initialMs: 20, maxMs: 50 };
    const sink = createKafkaSink({ connection: { brokers: ['127.0.0.1:1'], retry }, topic: 't' });
    await expect(sink.open(null)).rejects.toMatchObject({ code: 'kafka-unreachable' });
    await sink.close();
  });
});

describe.skipIf(brokers.length === 0)('produce', () => {
  async function* some(count: number) {
    yield Array.from({ length: count }, (_, index) => record(`${index}`, { key: Buffer.from(`${index}`) }));
  }

  it('creates the topics that are missing, and leaves the others as they are', async () => {
    const topic = `test-${randomUUID()}`;
    expect(await createMissingTopics(connection, [topic], 4)).toEqual([topic]);
    expect(await createMissingTopics(connection, [topic], 1)).toEqual([]);
    expect((await tool.readAll(topic)).size).toBe(4);
  });

  it('sends all and counts', async () => {
    const topic = await tool.createTopic(4);
    const result = await produceRecords({ connection, topic }, some(2500));
    expect(result.records).toBe(2500);
    const found = await tool.readAll(topic);
    const values = [...found.values()].flat().map(({ value }) => Number(String(value)));
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 2500 }, (_, index) => index));
  });

  it('names a missing topic', async () => {
    await expect(produceRecords({ connection, topic: 'absent' }, some(1))).rejects.toMatchObject({
      code: 'kafka-topic-missing',
    });
  });
});
