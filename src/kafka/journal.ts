// The journal: a topic of one partition whose records list what was learnt, in order, each written in the transaction
// that made it final. With several input partitions that order is otherwise lost, and with it the weights.

import type { Admin } from 'kafkajs';
import * as z from 'zod';
import { MillraceError, messageOf } from '../errors.ts';
import type { Boundary, JournalEntry } from '../pipeline/ports.ts';
import type { KafkaConnection } from './client.ts';
import { missingRight } from './missing-right.ts';
import { createTopics } from './topics.ts';

/** The version of the format; it rises when an older Millrace could not read it rightly any more. */
const format = 'millrace-journal/1';

const count = z.int().nonnegative();
const entrySchema = z.object({
  format: z.literal(format),
  /** Name and id of the input topic that the offsets are of. */
  topic: z.string(),
  topicId: z.string().nullable(),
  /** [partition, from, to, records] */
  ranges: z.array(z.tuple([count, count, count, count])),
  sequence: count,
  modelVersion: count,
  weightsDigest: z.string().nullable(),
});

/** The input topic of a journal. */
export interface JournalInput {
  readonly topic: string;
  /** null where the cluster has no ids. */
  readonly topicId: string | null;
}

/** The value of a journal record. */
export function encodeJournalEntry(input: JournalInput, boundary: Boundary): Uint8Array {
  const { ranges, sequence, modelVersion, weightsDigest } = boundary;
  const rows = ranges.map(({ partition, from, to, records }) => [partition, from, to, records]);
  return Buffer.from(JSON.stringify({ format, ...input, ranges: rows, sequence, modelVersion, weightsDigest }));
}

/** Throws topic-recreated or journal-damaged where an entry is of another input topic. */
function requireInput(entry: JournalInput, { topic, topicId }: JournalInput, place: string): void {
  if (entry.topic !== topic) {
    throw new MillraceError(
      'journal-damaged',
      `${place} lists what was learnt from topic '${entry.topic}', not from '${topic}': another model has the same ` +
        'name. Use another `name`, or another `journal.topic`',
    );
  }
  if (entry.topicId === null || topicId === null || entry.topicId === topicId) return;
  throw new MillraceError(
    'topic-recreated',
    `${place} lists what was learnt from a topic '${topic}' that was deleted since and created again: begin with a ` +
      'checkpoint that is newer',
  );
}

/**
 * The entry in a journal record. Throws MillraceError naming the place: journal-damaged where it is none or is of another
 * topic, topic-recreated where it is of an older one of the same name.
 */
export function parseJournalEntry(
  value: Uint8Array | null,
  input: JournalInput,
  { topic, offset }: { readonly topic: string; readonly offset: number },
): JournalEntry {
  const place = `offset ${offset} of the journal topic '${topic}'`;
  const { ranges, sequence, modelVersion, weightsDigest, ...learntFrom } = parseValue(value, place);
  requireInput(learntFrom, input, place);
  return {
    ...{ offset, sequence, modelVersion, weightsDigest },
    ranges: ranges.map(([partition, from, to, records]) => ({ partition, from, to, records })),
  };
}

function parseValue(value: Uint8Array | null, place: string): z.infer<typeof entrySchema> {
  try {
    return entrySchema.parse(JSON.parse(Buffer.from(value ?? []).toString('utf8')));
  } catch (error) {
    throw new MillraceError('journal-damaged', `${place} is not a journal entry: ${messageOf(error)}`, {
      cause: error,
    });
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
    await createTopics(admin, [{ topic, numPartitions: 1, replicationFactor: -1, configEntries }]);
  } catch (error) {
    const configs = Object.entries(settings).map(([name, value]) => `--config ${name}=${value}`);
    const reason = missingRight(error) ? 'this user may not Create it' : messageOf(error);
    throw new MillraceError(
      'kafka-topic-missing',
      `The journal topic '${topic}' does not exist and cannot be created (${reason}). Create it with: ` +
        `kafka-topics.sh --create --bootstrap-server ${connection.brokers[0]} --topic ${topic} --partitions 1 ${configs.join(' ')}`,
      { cause: error },
    );
  }
}
