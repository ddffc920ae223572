// Where a Kafka source knows its partitions to end, against a real broker.

import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKafkaSource } from '../../src/kafka/kafka-source.ts';
import { claimedChunks } from '../support/claimed-chunks.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

describe.skipIf(brokers.length === 0)('the ends of a Kafka source', { timeout: 60_000 }, () => {
  it('are known for every partition that is read, and stay known while nothing is taken', async () => {
    const topic = await tool.createTopic(2);
    const send = (partition: number, count: number) =>
      tool.send(
        topic,
        Array.from({ length: count }, () => ({ value: '{}', partition })),
      );
    await send(0, 5);
    await send(1, 3);
    const source = createKafkaSource({ connection: { brokers }, topic, groupId: `test-${randomUUID()}` });
    const stop = new AbortController();
    onTestFinished(async () => {
      stop.abort();
      await source.close();
    });
    await source.open();
    expect(source.ends).toEqual(new Map());
    const chunks = claimedChunks(source, new Map(), stop.signal)[Symbol.asyncIterator]();
    await chunks.next();
    expect(source.ends).toEqual(
      new Map([
        [0, 5],
        [1, 3],
      ]),
    );
    // Nobody takes the next chunk: no fetch brings word of these.
    await send(0, 7);
    await send(1, 1);
    await expect
      .poll(() => source.ends, { timeout: 15_000 })
      .toEqual(
        new Map([
          [0, 12],
          [1, 4],
        ]),
      );
  });
});
