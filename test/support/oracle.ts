// What must be true of a stream that was learnt exactly once, whatever happened on the way. It looks from outside only: an
// independent read_committed consumer, the journal, a re-learning from a plain file, and `millrace verify`.

import { writeFile } from 'node:fs/promises';
import type { KafkaMessage } from 'kafkajs';
import { expect } from 'vitest';
import { z } from 'zod';
import type { KafkaTool } from './kafka-topics.ts';
import { type Finished, runMillrace } from './millrace-process.ts';

/** A finished job. */
export interface Outcome {
  readonly tool: KafkaTool;
  /** The job's configuration file; `file` is one of the same model that reads the NDJSON file of `lines`. */
  readonly config: string;
  readonly relearn: { readonly config: string; readonly lines: string };
  readonly topics: { readonly input: string; readonly output: string; readonly dead: string; readonly journal: string };
  /** Whether a record of the input is one to learn from; others belong to the dead letters. */
  readonly isSample: (message: KafkaMessage) => boolean;
  /** The weights that the job ended with. */
  readonly weightsDigest: string;
}

const journalSchema = z.looseObject({
  ranges: z.array(z.tuple([z.int(), z.int(), z.int(), z.int()])),
  weightsDigest: z.string().nullable(),
});
const digestSchema = z.looseObject({ weightsDigest: z.string() });

/** Asserts all of it; gives the number of samples. */
export async function expectExactlyOnce(outcome: Outcome): Promise<number> {
  const { tool, topics, isSample } = outcome;
  const [input, predicted, rejected, journalRecords] = await Promise.all(
    [topics.input, topics.output, topics.dead, topics.journal].map((topic) => tool.readAll(topic)),
  );
  for (const [partition, messages] of input) {
    const samples = messages.filter(isSample);
    const sources = samples.map(({ offset, key }) => `${topics.input}/${partition}/${offset} ${key}`);
    expectSame(
      `predictions of partition ${partition}`,
      (predicted.get(partition) ?? []).map(({ headers, key }) => `${headers?.['millrace-source']} ${key}`),
      sources,
    );
    expectSame(
      `dead letters of partition ${partition}`,
      (rejected.get(partition) ?? []).map(({ headers }) => String(headers?.['millrace-error-offset'])),
      messages.filter((message) => !isSample(message)).map(({ offset }) => offset),
    );
  }
  const journal = (journalRecords.get(0) ?? []).map(({ value }) => journalSchema.parse(JSON.parse(String(value))));
  const learnt = inJournalOrder(journal, input);
  const samples = learnt.filter(isSample);
  expect(journal.at(-1)?.weightsDigest, 'the journal vouches for the last weights').toBe(outcome.weightsDigest);
  const [relearnt, verified] = await Promise.all([
    relearntDigest(outcome, samples),
    runMillrace('verify', '-c', outcome.config, '--json'),
  ]);
  expect(relearnt, 'weights learnt from a plain file in the order of the journal').toBe(outcome.weightsDigest);
  expectMatch(verified);
  return samples.length;
}

/** Compares lists of thousands so that a failure shows where they part, and not all of them. */
function expectSame(what: string, found: readonly string[], wanted: readonly string[]): void {
  const at = wanted.findIndex((one, index) => found[index] !== one);
  const differs = at >= 0 ? at : found.length > wanted.length ? wanted.length : -1;
  const near = (list: readonly string[]) => ({ length: list.length, from: list.slice(differs, differs + 3) });
  if (differs >= 0) expect(near(found), `${what} part at ${differs}`).toEqual(near(wanted));
}

/** The input's records as the journal lists them; fails unless its ranges cover each partition end to end. */
function inJournalOrder(
  journal: readonly z.output<typeof journalSchema>[],
  input: ReadonlyMap<number, KafkaMessage[]>,
): KafkaMessage[] {
  const next = new Map<number, { readonly index: number; readonly offset: number }>();
  const learnt: KafkaMessage[] = [];
  for (const [partition, from, to, records] of journal.flatMap(({ ranges }) => ranges)) {
    const messages = input.get(partition) ?? [];
    const { index, offset } = next.get(partition) ?? { index: 0, offset: from };
    expect(from, `journal: partition ${partition} goes on where it stood`).toBe(offset);
    const found = messages.slice(index, index + records);
    expect(found.length, `journal: records of partition ${partition} from ${from}`).toBe(records);
    expect(found.every((message) => Number(message.offset) >= from && Number(message.offset) < to)).toBe(true);
    for (const message of found) learnt.push(message);
    next.set(partition, { index: index + records, offset: to });
  }
  for (const [partition, messages] of input) {
    expect(next.get(partition)?.index ?? 0, `journal: all of partition ${partition}`).toBe(messages.length);
  }
  return learnt;
}

/** The weights that the file source gives for the same samples: nothing of Kafka, journal or checkpoint is in it. */
async function relearntDigest({ relearn }: Outcome, samples: readonly KafkaMessage[]): Promise<string> {
  await writeFile(relearn.lines, samples.map(({ value }) => `${value}\n`).join(''));
  const { code, stdout, stderr } = await runMillrace('run', '-c', relearn.config, '--stop-at-end', '--json');
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return digestSchema.parse(JSON.parse(stdout)).weightsDigest;
}

function expectMatch({ code, stdout, stderr }: Finished): void {
  expect({ code, stderr: code === 0 ? '' : stderr }, 'millrace verify').toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout), 'millrace verify').toMatchObject({ match: true });
}
