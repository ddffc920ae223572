// What becomes of an open transaction whose producer is closed, against a real broker.

import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { abortAtClose } from '../../src/kafka/abort-at-close.ts';
import { withPatience } from '../../src/kafka/patience.ts';
import { committedOffsets, withAdmin } from '../../src/kafka/topics.ts';
import {
  openTransactionalDelivery,
  type TransactionalDeliveryOptions,
} from '../../src/kafka/transactional-delivery.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { endsOf } from '../support/partition-ends.ts';
import { sharedBroker } from '../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

/** Far beyond the test: what ends a transaction here is not the broker's patience. */
const timeoutMs = 60_000;

function recordOf(value: string): OutputRecord {
  return { key: null, value: Buffer.from(value), headers: [], timestampMs: null, partition: 0 };
}

async function setUp(producer: 'wire' | 'kafkajs') {
  const [input, output, journalTopic] = [
    await tool.createTopic(1),
    await tool.createTopic(1),
    await tool.createTopic(1),
  ];
  const name = randomUUID();
  // A broker that has just started makes the topic of the groups' offsets first; a run has joined its group by then.
  await withPatience(20_000, () => withAdmin(tool.kafka, { brokers }, (admin) => committedOffsets(admin, name, input)));
  const options: TransactionalDeliveryOptions = {
    ...{ connection: { brokers }, journalTopic, transactionalId: name, timeoutMs, producer },
    input: { topic: input, topicId: null, groupId: name },
    outputs: { predictions: output, deadLetters: null },
  };
  const open = () => openTransactionalDelivery(options);
  const writeTo = async (delivery: Awaited<ReturnType<typeof open>>, value: string) => {
    const before = await endsOf(brokers, output);
    await delivery.write({ predictions: [recordOf(value)], deadLetters: [] });
    await expect
      .poll(() => endsOf(brokers, output), { interval: 10 })
      .toEqual({ end: before.end + 1, stable: before.end });
  };
  return { output, open, writeTo };
}

const boundary = { sequence: 1, positions: new Map([[0, 1]]), ranges: [], modelVersion: 1, weightsDigest: null };

describe.skipIf(brokers.length === 0).each(['wire', 'kafkajs'] as const)(
  'a producer of %s that is closed',
  (client) => {
    it('aborts its transaction: readers wait no longer', async () => {
      const { output, open, writeTo } = await setUp(client);
      const delivery = await open();
      await writeTo(delivery, 'never read');
      await delivery.close();
      // The record, and the marker of its abort.
      await expect.poll(() => endsOf(brokers, output), { timeout: 2000, interval: 10 }).toEqual({ end: 2, stable: 2 });
      expect((await tool.readAll(output)).get(0)).toEqual([]);
    });

    it('leaves alone what another has begun since', async () => {
      const { output, open, writeTo } = await setUp(client);
      const older = await open();
      await writeTo(older, 'shut out');
      const newer = await open();
      onTestFinished(() => newer.close());
      await expect.poll(() => endsOf(brokers, output), { interval: 10 }).toEqual({ end: 2, stable: 2 });
      await writeTo(newer, 'of the newer one');
      await older.close();
      expect(await endsOf(brokers, output)).toEqual({ end: 3, stable: 2 });
      await newer.commit(boundary);
      const values = (await tool.readAll(output)).get(0)?.map(({ value }) => String(value));
      expect(values).toEqual(['of the newer one']);
    });
  },
);

describe('an abort at the end', () => {
  it('comes after what is under way, even if that fails', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const log: string[] = [];
    const closing = abortAtClose([promise, Promise.resolve()], async () => void log.push('abort'));
    log.push('still sending');
    reject(new Error('refused'));
    await closing;
    expect(log).toEqual(['still sending', 'abort']);
  });

  it('is not asked for by a producer that was fenced', async () => {
    let aborts = 0;
    const fenced = Object.assign(new Error('fenced'), { type: 'PRODUCER_FENCED' });
    await abortAtClose([Promise.reject(fenced)], async () => void aborts++);
    expect(aborts).toBe(0);
  });

  it('keeps nobody for longer than its bound, and does not come later', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let aborts = 0;
    const startedMs = performance.now();
    await abortAtClose([promise], async () => void aborts++, 50);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    resolve();
    await new Promise(setImmediate);
    expect(aborts).toBe(0);
  });

  it('does not mind that it is refused', async () => {
    await expect(abortAtClose([], () => Promise.reject(new Error('no')))).resolves.toBeUndefined();
  });
});
