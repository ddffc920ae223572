// What a standby's model stands on, against a real broker.

import { expect, it } from 'vitest';
import type { AttemptContext } from '../../../src/cli/run/attempt.ts';
import { openFollower } from '../../../src/cli/run/follower.ts';
import { openFold, openFormat } from '../../../src/cli/run/model-source.ts';
import { createReplayProgress } from '../../../src/cli/run/progress.ts';
import { createSource } from '../../../src/cli/run/source.ts';
import { transactionalTopics } from '../../../src/cli/run/transactional-topics.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { encodeJournalEntry } from '../../../src/kafka/journal.ts';
import { createCounters } from '../../../src/pipeline/counters.ts';
import { createRecent } from '../../../src/pipeline/recent.ts';
import { createTransactionCounter } from '../../../src/pipeline/transaction-tally.ts';
import { createKafkaTool } from '../../support/kafka-topics.ts';
import { sharedBroker } from '../../support/shared-broker.ts';
import { temporaryFolder, write } from '../../system/support.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const connection = { brokers };

/** What a run over Kafka would open, with two records in the input and no entry in the journal. */
async function setUp() {
  const [topic, journal] = [await tool.createTopic(1), await tool.createTopic(1)];
  await tool.send(topic, [{ value: '{"a":1}' }, { value: 'no JSON' }]);
  const lines = [
    `source: { kafka: { brokers: ["${brokers.join('", "')}"], topic: ${topic} } }`,
    `journal: { topic: ${journal} }`,
    'schema: { features: [a], target: { from: label, type: binary } }',
    'http: false',
  ];
  const file = write(temporaryFolder(), 'run.yaml', lines.join('\n'));
  const config = loadConfig({ file, set: [], environment: {} });
  const topics = transactionalTopics(config);
  if (!topics) throw new Error('this configuration is one of a run in transactions');
  const source = createSource(config, { stopAtEnd: true, samples: null });
  const counters = createCounters();
  const context: AttemptContext = {
    ...{ config, source, counters, format: openFormat(config, source), store: null, accepted: new Set(), hooks: {} },
    ...{
      recent: createRecent(),
      transactions: createTransactionCounter(),
      replayed: createReplayProgress(),
      thread: null,
    },
    setPhase: () => {},
    save: async () => {},
  };
  /** Appends the entry of both records, with the weights that the model has before it learns. */
  const commit = async () => {
    const { weightsDigest } = openFold(config, context.format, null, { counters: createCounters() }).standing();
    const range = { partition: 0, from: 0, to: 2, records: 2 };
    const boundary = { ranges: [range], sequence: 2, modelVersion: 0, weightsDigest, positions: new Map([[0, 2]]) };
    await tool.send(journal, [{ value: Buffer.from(encodeJournalEntry({ topic, topicId: null }, boundary)) }]);
  };
  return { context, topics, counters, commit };
}

it.skipIf(brokers.length === 0)('a follower counts outcomes anew, whatever the one before it has learnt', async () => {
  const { context, topics, counters, commit } = await setUp();
  await commit();
  for (let times = 0; times < 2; times++) {
    const follower = await openFollower(context, topics, connection);
    expect(await follower.catchUp(new AbortController().signal)).toBe(2);
    await follower.close();
    expect(counters.outcomes()).toEqual({ learned: 0, scored: 1, rejected: 1 });
  }
});
