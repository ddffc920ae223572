// Following the journal as a standby does, while its owner goes on writing it or after a stop in between, against a real broker.

import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { encodeJournalEntry } from '../../src/kafka/journal.ts';
import { openReplayInput } from '../../src/kafka/replay-input.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

/** The entry that lists the record at one offset. */
function entryOf(topic: string, offset: number): Buffer {
  const range = { partition: 0, from: offset, to: offset + 1, records: 1 };
  const boundary = { ranges: [range], sequence: offset + 1, modelVersion: offset + 1, weightsDigest: null };
  return Buffer.from(
    encodeJournalEntry({ topic, topicId: null }, { ...boundary, positions: new Map([[0, offset + 1]]) }),
  );
}

/** Sends a record and then the entry that lists it, again and again until told to stop; gives how many. */
function startOwner(topic: string, journal: string): () => Promise<number> {
  let stopped = false;
  const writing = (async () => {
    const producer = tool.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    let next = 0;
    for (; !stopped; next++) {
      await producer.send({ topic, messages: [{ partition: 0, value: String(next) }] });
      await producer.send({ topic: journal, messages: [{ partition: 0, value: entryOf(topic, next) }] });
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
          for await (const { records } of input.chunks(range))
            found.push(...recordList(records).map(({ value }) => String(value)));
    };
    const stopOwner = startOwner(topic, journalTopic);
    for (let look = 0; look < 100; look++) await follow();
    const written = await stopOwner();
    await follow();
    expect(written).toBeGreaterThan(100);
    expect(found).toEqual(Array.from({ length: written }, (_, number) => String(number)));
    await input.close();
  });

  it('goes on with the next entry after it was stopped between two that came together', async () => {
    const [topic, journalTopic] = [await tool.createTopic(1), await tool.createTopic(1)];
    const producer = tool.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const append = (...offsets: number[]) =>
      producer.send({
        topic: journalTopic,
        messages: offsets.map((offset) => ({ partition: 0, value: entryOf(topic, offset) })),
      });
    await append(0, 1, 2, 3, 4);
    const start = { topic, topicId: null, journalTopic, journalFrom: 0, positions: new Map([[0, 0]]) };
    const input = await openReplayInput({ connection: { brokers }, ...start });
    const listed: number[] = [];
    const followUpTo = async (last: number) => {
      await input.refresh();
      for await (const { sequence } of input.entries()) {
        listed.push(sequence);
        if (sequence === last) return;
      }
    };
    await followUpTo(2);
    expect(input.journalNext).toBe(2);
    await append(5);
    await followUpTo(5);
    await followUpTo(6);
    expect(listed).toEqual([1, 2, 3, 4, 5, 6]);
    await input.close();
    await producer.disconnect();
  });
});
