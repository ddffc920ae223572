// What takes the Kafka source its time, against a real broker: stalls beyond the session, and logs that the broker's
// cleaner has been at. Both ways of reading wait side by side.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { recordList } from '../../src/sample/listed-records.ts';
import { claimedChunks } from '../support/claimed-chunks.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import {
  compacted,
  consumers,
  createSourceMaker,
  never,
  numbered,
  numbers,
  readToEnd,
  START,
  valuesOf,
} from './read-source.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

describe.skipIf(brokers.length === 0)('Kafka source, whatever the consumer', { timeout: 60_000 }, () => {
  it('fetches no more than a bounded read-ahead while nobody pulls, and loses nothing by a stall beyond the session', async () => {
    const topic = await tool.createTopic(1);
    const filler = 'x'.repeat(1000);
    await tool.send(
      topic,
      Array.from({ length: 3000 }, (_, index) => ({ value: `${index} ${filler}` })),
    );
    // Sessions may not be shorter than 6 s at a broker with default settings.
    const options = { stopAtEnd: true, maxBytesPerPartition: 20_000, sessionTimeoutMs: 6000 };
    const readers = await Promise.all(
      consumers.map(async (consumer) => {
        const source = createSourceMaker(brokers, { consumer })(topic, options);
        await source.open();
        const iterator = claimedChunks(source, START, never)[Symbol.asyncIterator]();
        return { source, iterator, first: await iterator.next() };
      }),
    );
    await sleep(500);
    const bytesBefore = process.memoryUsage().arrayBuffers;
    await sleep(8000);
    // 3 MB are waiting for each; two fetches of 20 kB are all that may have come.
    expect(process.memoryUsage().arrayBuffers - bytesBefore).toBeLessThan(500_000);
    for (const { source, iterator, first } of readers) {
      const offsets: number[] = [];
      for (let next = first; !next.done; next = await iterator.next()) {
        offsets.push(...recordList(next.value.records).map(({ offset }) => offset));
      }
      await source.close();
      expect(offsets).toEqual(Array.from({ length: 3000 }, (_, index) => index));
    }
  });
});

describe.skipIf(brokers.length === 0).concurrent.each(consumers)(
  'Kafka source, consumer: %s',
  { timeout: 60_000 },
  (consumer) => {
    const sourceOf = createSourceMaker(brokers, { consumer });

    it('steps over a batch that compaction has emptied, or says that it cannot', async () => {
      const topic = await tool.createTopic(1, compacted);
      // An idempotent producer's newest batch is kept even when all its records are gone.
      const producer = tool.kafka.producer({ idempotent: true });
      await producer.connect();
      await producer.send({ topic, messages: [{ key: 'k', value: 'old' }] });
      await producer.disconnect();
      await tool.send(topic, [{ key: 'k', value: 'x'.repeat(5000) }]);
      for (let at = 0; at < 6; at++) {
        await sleep(200);
        await tool.send(topic, [{ key: 'other', value: String(at) }]);
      }
      await sleep(3000);
      const small = sourceOf(topic, { stopAtEnd: true, maxBytesPerPartition: 1024 });
      if (consumer === 'kafkajs') {
        await expect(readToEnd(small)).rejects.toMatchObject({
          code: 'kafka-failed',
          message: expect.stringMatching(/no progress at offset 0 of partition 0.*maxBytesPerPartition/),
        });
      }
      const records = await readToEnd(consumer === 'wire' ? small : sourceOf(topic, { stopAtEnd: true }));
      expect(records.map(({ offset }) => offset)).not.toContain(0);
      expect(records[0].value?.length).toBe(5000);
    });

    it('reads a compacted topic over its gaps', async () => {
      const topic = await tool.createTopic(1, compacted);
      const keyed = (from: number, to: number) =>
        numbered(from, to).map(({ value }) => ({ key: `k${Number(value) % 5}`, value }));
      await tool.send(topic, keyed(0, 50));
      // A closed segment is what the cleaner takes; each of these closes the one before.
      for (let at = 50; at < 60; at++) {
        await sleep(200);
        await tool.send(topic, keyed(at, at + 1));
      }
      await sleep(3000);
      const records = await readToEnd(sourceOf(topic, { stopAtEnd: true }));
      expect(valuesOf(records).slice(-5)).toEqual(numbers(55, 60));
      expect(records.length).toBeLessThan(60);
      expect(records.map(({ offset }) => offset)).toEqual(records.map(({ value }) => Number(String(value))));
    });
  },
);
