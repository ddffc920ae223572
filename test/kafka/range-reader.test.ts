// Reading again what lies between two positions, as recovery, a standby and `verify` do, against a real broker.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRangeReader, type RangeReader, withRangeReader } from '../../src/kafka/range-reader.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import type { Positions } from '../../src/sample/record.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { numbered, numbers, valuesOf } from './read-source.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

function readerOf(topic: string, start: Positions, maxBytesPerPartition = 1024): RangeReader {
  return createRangeReader({ connection: { brokers }, topic: { name: topic, id: null }, start, maxBytesPerPartition });
}

/** The values of a partition from `from` up to where its position is `to`. */
async function readRange(reader: RangeReader, partition: number, from: number, to: number): Promise<string[]> {
  const values: string[] = [];
  for (let next = from; next < to; ) {
    const chunk = await reader.next(partition, next);
    if (chunk === null) break;
    values.push(...valuesOf(recordList(chunk.records).filter(({ offset }) => offset >= next && offset < to)));
    next = chunk.nextOffset;
  }
  return values;
}

describe.skipIf(brokers.length === 0)('range reader', { timeout: 30_000 }, () => {
  it('reads each partition from its start, in whatever turns, and no other', async () => {
    const topic = await tool.createTopic(3);
    for (const partition of [0, 1, 2]) {
      await tool.send(
        topic,
        numbered(0, 500).map((message) => ({ ...message, partition })),
        20,
      );
    }
    const start = new Map([
      [0, 100],
      [2, 30],
    ]);
    const reader = readerOf(topic, start);
    const first = await reader.next(0, 100);
    const next = first?.nextOffset ?? 0;
    expect(valuesOf(first ? recordList(first.records) : [])).toEqual(numbers(100, next));
    expect(await readRange(reader, 2, 30, 500)).toEqual(numbers(30, 500));
    expect(await readRange(reader, 0, next, 500)).toEqual(numbers(next, 500));
    expect(await reader.next(1, 0)).toBeNull();
    await reader.close();
  });

  it('tells how far it is where there is nothing but markers and what was aborted', async () => {
    const topic = await tool.createTopic(1);
    await tool.sendTransaction(topic, numbered(0, 3), 'commit');
    await tool.sendTransaction(topic, numbered(3, 6), 'abort');
    const reader = readerOf(topic, new Map([[0, 0]]));
    // Three records and a marker, twice.
    expect(await readRange(reader, 0, 0, 8)).toEqual(numbers(0, 3));
    await reader.close();
  });

  it('takes batches as long as the source does, whose limit it is given', async () => {
    const topic = await tool.createTopic(1, [{ name: 'compression.type', value: 'zstd' }]);
    await tool.send(topic, [{ value: 'x'.repeat(300_000) }]);
    const small = readerOf(topic, new Map([[0, 0]]));
    await expect(small.next(0, 0)).rejects.toMatchObject({ code: 'kafka-batch-too-large' });
    await small.close();
    const large = readerOf(topic, new Map([[0, 0]]), 2048);
    expect((await large.next(0, 0))?.nextOffset).toBe(1);
    await large.close();
  });

  it('waits for what is not there yet, until it is closed', async () => {
    const topic = await tool.createTopic(1);
    const reader = readerOf(topic, new Map([[0, 0]]));
    const first = reader.next(0, 0);
    await sleep(300);
    await tool.send(topic, numbered(0, 1));
    expect((await first)?.records.at(0).value?.toString()).toBe('0');
    const second = reader.next(0, 1);
    await reader.close();
    expect(await second).toBeNull();
  });

  it('fetches no more than it is asked for, but for one fetch ahead of each partition', async () => {
    const topic = await tool.createTopic(2);
    const filler = 'x'.repeat(1000);
    for (const partition of [0, 1]) {
      const messages = Array.from({ length: 3000 }, (_, index) => ({ value: `${index} ${filler}`, partition }));
      await tool.send(topic, messages, 50);
    }
    const start = new Map([
      [0, 0],
      [1, 0],
    ]);
    const bytesBefore = process.memoryUsage().arrayBuffers;
    const reader = readerOf(topic, start, 20_000);
    expect((await reader.next(0, 0))?.records.length).toBeGreaterThan(0);
    await sleep(1000);
    // 6 MB are waiting. A batch of 50 kB comes whole: two of one partition, one of the other.
    expect(process.memoryUsage().arrayBuffers - bytesBefore).toBeLessThan(1_500_000);
    await reader.close();
  });

  it('reads a partition to its end, though the others fill all that may be fetched ahead', async () => {
    const topic = await tool.createTopic(24);
    const partitions = Array.from({ length: 24 }, (_, partition) => partition);
    const value = 'x'.repeat(100_000);
    for (const partition of partitions) {
      const messages = Array.from({ length: 15 }, () => ({ value, partition }));
      await tool.send(topic, messages, 5);
    }
    const start = new Map(partitions.map((partition) => [partition, 0]));
    const reader = readerOf(topic, start, 1 << 20);
    await sleep(1000);
    for (const partition of partitions.toReversed()) {
      expect(await readRange(reader, partition, 0, 15)).toHaveLength(15);
    }
    await reader.close();
  });

  it('fails where retention has passed its position', async () => {
    const topic = await tool.createTopic(1);
    await tool.send(topic, numbered(0, 10));
    await tool.deleteBefore(topic, 6);
    const reader = readerOf(topic, new Map([[0, 2]]));
    await expect(reader.next(0, 2)).rejects.toMatchObject({
      code: 'kafka-offset-out-of-range',
      message: expect.stringContaining('holds offsets 6..10, but offset 2 comes next'),
    });
    await reader.close();
  });

  it('is closed after its use, also where that fails', async () => {
    const topic = { name: await tool.createTopic(1), id: null };
    let waiting: Promise<unknown> = Promise.resolve();
    const used = withRangeReader({ connection: { brokers }, topic, start: new Map([[0, 0]]) }, async (reader) => {
      waiting = reader.next(0, 0);
      throw new Error('what it was used for');
    });
    await expect(used).rejects.toThrow('what it was used for');
    expect(await Promise.race([waiting, sleep(5000, 'still reading')])).toBeNull();
  });
});
