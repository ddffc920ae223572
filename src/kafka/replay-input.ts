// The input of a replay: the journal's entries, and the chunks of the ranges that they list.

import { MillraceError } from '../errors.ts';
import type { LearntRange, ReplayInput } from '../pipeline/ports.ts';
import type { Chunk, Positions, Records } from '../sample/record.ts';
import { createKafkaClient, type KafkaConnection } from './client.ts';
import { createJournalReader } from './journal-reader.ts';
import { type OnLost, startPositions } from './progress.ts';
import { createRangeReader, type RangeReader } from './range-reader.ts';
import { partitionCount, type Watermarks, watermarks, withAdmin } from './topics.ts';

export interface ReplayInputOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** null where the cluster has no ids. */
  readonly topicId: string | null;
  readonly journalTopic: string;
  /** Where the model stands: the journal's next entry, and the next offset of every partition. */
  readonly journalFrom: number | 'beginning' | 'end';
  readonly positions: Positions;
  /** As of the source: what it could read can be read again. */
  readonly maxBytesPerPartition?: number;
  /** As of the source. */
  readonly onLost?: OnLost | undefined;
}

/** Opens the journal. Throws MillraceError('journal-damaged') where it does not hold `journalFrom`. */
export async function openReplayInput(options: ReplayInputOptions): Promise<ReplayInput> {
  const { connection, topic, topicId, journalTopic } = options;
  const held = (name: string) =>
    withAdmin(createKafkaClient(connection), connection, (admin) => watermarks(admin, name));
  // Asked for by name first: a missing topic is told by its name, not like some failure or other.
  await withAdmin(createKafkaClient(connection), connection, (admin) =>
    partitionCount(admin, journalTopic, connection),
  );
  const heldJournal = (await held(journalTopic)).get(0);
  const rests = new Map<number, Chunk>();
  const journal = createJournalReader({
    ...{ connection, topic: journalTopic, input: { topic, topicId } },
    start: requireJournal(journalTopic, options.journalFrom, heldJournal),
  });
  let journalEnd = heldJournal?.latest ?? 0;
  /** Where each partition ended when the input was last looked at: what an older entry lists lies before. */
  let latest: Positions = new Map();
  let input: RangeReader | null = null;

  async function lookAtInput(): Promise<Map<number, Watermarks>> {
    const marks = await held(topic);
    latest = new Map([...marks].map(([partition, mark]) => [partition, mark.latest]));
    return marks;
  }

  async function openInput(): Promise<RangeReader> {
    const start = startPositions(topic, options.positions, await lookAtInput(), options.onLost);
    const { maxBytesPerPartition } = options;
    return createRangeReader({ connection, topic: { name: topic, id: topicId }, start, maxBytesPerPartition });
  }

  async function* chunks({ partition, from, to, records }: LearntRange): AsyncGenerator<Chunk> {
    input ??= await openInput();
    const isBeyond = () => to > (latest.get(partition) ?? 0);
    // An entry may be newer than the last look at where the input ends.
    if (isBeyond()) await lookAtInput();
    if (isBeyond()) throw recordsGone(topic, { partition, from, to, records }, 0);
    let found = 0;
    let position = from;
    while (found < records) {
      const chunk = rests.get(partition) ?? (await input.next(partition, position));
      rests.delete(partition);
      if (chunk === null) return;
      const { head, rest } = splitChunk(chunk, position, to);
      if (rest) rests.set(partition, rest);
      position = head.nextOffset;
      found += head.records.length;
      if (head.records.length > 0) yield head;
      if (position >= to && found < records) throw recordsGone(topic, { partition, from, to, records }, found);
    }
  }

  return {
    get journalNext() {
      return journal.next;
    },
    async refresh() {
      journalEnd = (await held(journalTopic)).get(0)?.latest ?? journalEnd;
    },
    entries: () => journal.entries(journalEnd),
    chunks,
    async close() {
      await journal.close();
      await input?.close();
    },
  };
}

/** The records of a chunk that lie in [from, to), and what comes after them. */
export function splitChunk(chunk: Chunk, from: number, to: number): { head: Chunk; rest: Chunk | null } {
  const { records, nextOffset } = chunk;
  const first = firstFrom(records, from);
  const end = firstFrom(records, to);
  const head = { ...chunk, records: records.slice(first, end), nextOffset: Math.min(nextOffset, to) };
  return { head, rest: nextOffset > to ? { ...chunk, records: records.slice(end, records.length) } : null };
}

/** The index of the first record from an offset on. */
function firstFrom(records: Records, offset: number): number {
  let index = 0;
  while (index < records.length && records.offset(index) < offset) index++;
  return index;
}

function requireJournal(topic: string, from: ReplayInputOptions['journalFrom'], held: Watermarks | undefined): number {
  const { earliest, latest } = held ?? { earliest: 0, latest: 0 };
  if (from === 'end') return latest;
  const next = from === 'beginning' ? 0 : from;
  if (next >= earliest && next <= latest) return next;
  const holds = `the journal topic '${topic}' holds offsets ${earliest}..${latest}`;
  throw new MillraceError(
    'journal-damaged',
    from === 'beginning'
      ? `${holds}: its beginning is gone, and without a checkpoint the model cannot be learnt again from it`
      : `${holds}, but the checkpoint goes on at ${next}: the topic was recreated, or retention has passed it`,
  );
}

function recordsGone(topic: string, { partition, from, to, records }: LearntRange, found: number): MillraceError {
  return new MillraceError(
    'replay-differs',
    `partition ${partition} of Kafka topic '${topic}' held ${records} records at offsets ${from} to ${to - 1} when they were ` +
      `learnt, and holds ${found} now: compaction or retention has removed some`,
  );
}
