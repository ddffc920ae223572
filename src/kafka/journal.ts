// The journal: a topic of one partition whose records list what was learnt, in order, each written in the transaction
// that made it final. With several input partitions that order is otherwise lost, and with it the weights.

import type { Admin } from 'kafkajs';
import * as z from 'zod';
import { MillraceError, messageOf } from '../errors.ts';
import type { Boundary, JournalEntry } from '../pipeline/ports.ts';
import type { KafkaConnection } from './client.ts';

/** The version of the format; it rises when an older Millrace could not read it rightly any more. */
const format = 'millrace-journal/1';

const count = z.int().nonnegative();
const entrySchema = z.object({
  format: z.literal(format),
  /** [partition, from, to, records] */
  ranges: z.array(z.tuple([count, count, count, count])),
  sequence: count,
  modelVersion: count,
  weightsDigest: z.string().nullable(),
});

/** The value of a journal record. */
export function encodeJournalEntry({ ranges, sequence, modelVersion, weightsDigest }: Boundary): Uint8Array {
  const rows = ranges.map(({ partition, from, to, records }) => [partition, from, to, records]);
  return Buffer.from(JSON.stringify({ format, ranges: rows, sequence, modelVersion, weightsDigest }));
}

/** The entry in a journal record. Throws MillraceError('journal-damaged') naming the place. */
export function parseJournalEntry(value: Uint8Array | null, topic: string, offset: number): JournalEntry {
  try {
    const { ranges, ...rest } = entrySchema.parse(JSON.parse(Buffer.from(value ?? []).toString('utf8')));
    return {
      ...rest,
      offset,
      ranges: ranges.map(([partition, from, to, records]) => ({ partition, from, to, records })),
    };
  } catch (error) {
    throw new MillraceError(
      'journal-damaged',
      `offset ${offset} of the journal topic '${topic}' is not a journal entry: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

const settings = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };

/**
 * Creates the journal topic where it is missing: one partition, kept for ever. Throws MillraceError with the command that
 * creates it where that is not allowed, and where the topic has several partitions.
 */
export async function ensureJournal(admin: Admin, topic: string, connection: KafkaConnection): Promise<void> {
  if (!(await admin.listTopics()).includes(topic)) await createJournal(admin, topic, connection);
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0].partitions.length;
  if (partitions !== 1) {
    throw new MillraceError(
      'journal-damaged',
      `the journal topic '${topic}' has ${partitions} partitions, but its records have one order: it needs 1. ` +
        'Name another topic in `journal.topic`',
    );
  }
}

async function createJournal(admin: Admin, topic: string, connection: KafkaConnection): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  try {
    await admin.createTopics({
      topics: [{ topic, numPartitions: 1, replicationFactor: -1, configEntries }],
      waitForLeaders: true,
    });
  } catch (error) {
    const configs = Object.entries(settings).map(([name, value]) => `--config ${name}=${value}`);
    throw new MillraceError(
      'kafka-topic-missing',
      `The journal topic '${topic}' does not exist and cannot be created (${messageOf(error)}). Create it with: ` +
        `kafka-topics.sh --create --bootstrap-server ${connection.brokers[0]} --topic ${topic} --partitions 1 ${configs.join(' ')}`,
      { cause: error },
    );
  }
}
