// Following the journal while its owner goes on writing it, as a standby does, against a real broker.

import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { encodeJournalEntry } from '../../src/kafka/journal.ts';
import { openReplayInput } from '../../src/kafka/replay-input.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

/** Sends a record and then the entry that lists it, again and again until told to stop; gives how many. */
function startOwner(topic: string, journal: string): () => Promise<number> {
  let stopped = false;
  const writing = (async () => {
    const producer = tool.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    let next = 0;
    for (; !stopped; next++) {
      const range = { partition: 0, from: next, to: next + 1, records: 1 };
      const boundary = { ranges: [range], sequence: next + 1, modelVersion: next + 1, weightsDigest: null };
      const entry = encodeJournalEntry({ topic, topicId: null }, { ...boundary, positions: new Map([[0, next + 1]]) });
      await producer.send({ topic, messages: [{ partition: 0, value: String(next) }] });
      await producer.send({ topic: journal, messages: [{ partition: 0, value: Buffer.from(entry) }] });
    }
    await producer.disconnect();
    return next;
  })();
  return () => {
    stopped = true;
    return writing;
  };
}

describe.skipIf(brokers.length === 0)('replay input', { timeout: 60_000 }, () => {
  it('finds every record that an entry lists, also what was written while it looked', async () => {
    const [topic, journalTopic] = [await tool.createTopic(1), await tool.createTopic(1)];
    const start = { topic, topicId: null, journalTopic, journalFrom: 0, positions: new Map([[0, 0]]) };
    const input = await openReplayInput({ connection: { brokers }, ...start });
    const found: string[] = [];
    const follow = async () => {
      await input.refresh();
      for await (const { ranges } of input.entries())
        for (const range of ranges)
          for await (const { records } of input.chunks(range)) found.push(...records.map(({ value }) => String(value)));
    };
    const stopOwner = startOwner(topic, journalTopic);
    for (let look = 0; look < 100; look++) await follow();
    const written = await stopOwner();
    await follow();
    expect(written).toBeGreaterThan(100);
    expect(found).toEqual(Array.from({ length: written }, (_, number) => String(number)));
    await input.close();
  });
});
