// Whether a record was taken back, as a checkpoint's entry of the journal is asked after, against a real broker.

import { expect, it } from 'vitest';
import { isAborted } from '../../src/kafka/aborted-record.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { settledEnd } from '../support/partition-ends.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { numbered } from './read-source.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const connection = { brokers };

it.skipIf(brokers.length === 0)(
  'tells what was aborted from what was committed, is gone or is not there yet',
  async () => {
    const topic = await tool.createTopic(1);
    // A record and a marker each.
    await tool.sendTransaction(topic, numbered(0, 1), 'abort');
    await tool.sendTransaction(topic, numbered(1, 2), 'commit');
    await tool.sendTransaction(topic, numbered(2, 3), 'abort');
    expect(await settledEnd(brokers, topic)).toBe(6);
    await tool.deleteBefore(topic, 2);
    const found = await Promise.all([0, 2, 4, 6].map((offset) => isAborted(connection, topic, offset)));
    expect(found).toEqual([false, false, true, false]);
  },
);

it.skipIf(brokers.length === 0)('names a topic that is missing, at once', async () => {
  const asked = isAborted(connection, 'no-such-journal', 0);
  await expect(asked).rejects.toMatchObject({
    code: 'kafka-topic-missing',
    message: expect.stringContaining("'no-such-journal' does not exist"),
  });
});
