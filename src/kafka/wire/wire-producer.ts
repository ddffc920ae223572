// An idempotent producer over the wire: records go into batches as they are added, and one round of requests, a batch
// for each partition, is on its way while the next one fills. A batch keeps its sequence number however often it is sent,
// so a lost answer neither loses nor doubles it.

import { MillraceError } from '../../errors.ts';
import type { OutputRecords } from '../../sample/packed-records.ts';
import { createBatchQueue, type NextBatch } from './batch-queue.ts';
import type { WireCluster } from './cluster.ts';
import { type PlacedBatch, type ProduceAnswer, produce, refusedBatch } from './produce.ts';
import { mayPass, withRetries } from './retry.ts';
import { createSequences } from './sequences.ts';

/** Identity that InitProducerId has given. */
export interface ProducerIdentity {
  readonly id: bigint;
  readonly epoch: number;
}

export interface WireProducerOptions {
  readonly cluster: WireCluster;
  /** null outside of transactions. */
  readonly transactionalId: string | null;
  readonly batchBytesMax: number;
  /** How long a round may go on failing. */
  readonly patienceMs: number;
  /** Waited for before batches of these partitions are sent. */
  readonly beforeRound: (batches: readonly NextBatch[]) => Promise<void>;
}

export interface WireProducer {
  /** Takes the identity to send under; sequences start anew. */
  identify(identity: ProducerIdentity): void;
  /** Appends record `row`; a promise where too much waits already: resolves once there is room. Throws what a round failed with. */
  add(topic: string, records: OutputRecords, row: number, partition: number): Promise<void> | undefined;
  /** A record that was added is in its batch: nothing else of it is read. */
  readonly copies: true;
  /** Sends what was added now, unless a round is on its way: then it goes with the next. */
  begin(): void;
  /** Resolves once all that was added is confirmed. */
  drain(): Promise<void>;
  /** Sends nothing new; resolves once nothing is on its way, or rejects with what has failed. Later calls throw. */
  halt(): Promise<void>;
  /** Offset of the newest confirmed record of a partition; null where there is none, or nobody said. */
  lastOffset(topic: string, partition: number): number | null;
}

/** Bytes that may wait beside the round on its way. */
const waitingBytesMax = 8 << 20;

/** Answers to a batch that the broker has already. */
const duplicateSequence = 46;

interface SealedBatch extends NextBatch, PlacedBatch {}

/** A producer without an identity yet. */
export function createWireProducer(options: WireProducerOptions): WireProducer {
  const queue = createBatchQueue(options.batchBytesMax);
  const sequences = createSequences();
  const offsets = new Map<string, number | null>();
  let identity: ProducerIdentity = { id: -1n, epoch: -1 };
  let sending: Promise<void> | null = null;
  let failure: { readonly error: unknown } | null = null;
  let isHalted = false;
  /** Set while somebody waits for room. */
  let room: PromiseWithResolvers<void> | null = null;

  const throwFailure = () => {
    if (failure) throw failure.error;
    if (isHalted) throw new Error('the producer is closed');
  };

  function seal(next: NextBatch): SealedBatch {
    const { topic, partition, batch } = next;
    const first = sequences.take(`${topic}/${partition}`, batch.records);
    const isTransactional = options.transactionalId !== null;
    return { ...next, bytes: batch.seal({ ...identity, isTransactional }, first) };
  }

  async function round(): Promise<void> {
    const batches = queue.take();
    await options.beforeRound(batches);
    const answers = await sendRound(options, batches.map(seal));
    for (const answer of answers) offsets.set(`${answer.topic}/${answer.partition}`, lastOffsetOf(answer, batches));
  }

  /** Rounds until nothing waits. */
  async function sendAll(): Promise<void> {
    try {
      while (!queue.isEmpty && !isHalted) {
        await round();
        if (queue.bytes <= waitingBytesMax / 2) letIn();
      }
    } catch (error) {
      failure ??= { error };
    }
    sending = null;
    letIn();
  }

  function letIn(): void {
    room?.resolve();
    room = null;
  }

  function begin(): void {
    if (sending === null && !failure && !isHalted && !queue.isEmpty) sending = sendAll();
  }

  async function waitForRoom(): Promise<void> {
    begin();
    if (sending !== null) {
      room ??= Promise.withResolvers<void>();
      await room.promise;
    }
    throwFailure();
  }

  return {
    identify(next) {
      identity = next;
      sequences.clear();
    },
    add(topic, records, row, partition) {
      throwFailure();
      queue.add(topic, records, row, partition);
      if (queue.hasFull) begin();
      return queue.bytes > waitingBytesMax ? waitForRoom() : undefined;
    },
    copies: true,
    begin,
    async drain() {
      begin();
      while (sending !== null) await sending;
      throwFailure();
    },
    async halt() {
      isHalted = true;
      await sending;
      if (failure) throw failure.error;
    },
    lastOffset: (topic, partition) => offsets.get(`${topic}/${partition}`) ?? null,
  };
}

/** Where the last record of a confirmed batch is; null where the broker does not say, of a duplicate from long ago. */
function lastOffsetOf({ topic, partition, baseOffset }: ProduceAnswer, batches: readonly NextBatch[]): number | null {
  const sent = batches.find((each) => each.topic === topic && each.partition === partition);
  return sent && baseOffset >= 0 ? baseOffset + sent.batch.records - 1 : null;
}

/** Sends until every batch is confirmed; what was refused for a reason that may pass goes again, in its place. */
async function sendRound(options: WireProducerOptions, batches: readonly SealedBatch[]): Promise<ProduceAnswer[]> {
  const confirmed: ProduceAnswer[] = [];
  let open: readonly PlacedBatch[] = batches;
  let tries = 0;
  await withRetries(options, async () => {
    tries++;
    const answers = await askLeaders(options, open);
    const failures = answers.filter(({ answer }) => !isConfirmed(answer));
    confirmed.push(...answers.flatMap(({ answer }) => (answer && isConfirmed(answer) ? [answer] : [])));
    open = failures.map(({ batch }) => batch);
    if (open.length > 0) throw worst(failures);
  });
  // Otherwise an earlier try may still be on its way out of a connection that nobody listens to any more.
  if (tries === 1) for (const { batch } of batches) batch.free();
  return confirmed;
}

interface BatchOutcome {
  readonly batch: PlacedBatch;
  /** null where none came. */
  readonly answer: ProduceAnswer | null;
  readonly error: unknown;
}

/** One request to each leader, at the same time. */
async function askLeaders(
  { cluster, transactionalId }: WireProducerOptions,
  batches: readonly PlacedBatch[],
): Promise<BatchOutcome[]> {
  const led = await Promise.all(
    batches.map(async (batch) => ({ batch, leader: await cluster.leader(batch.topic, batch.partition) })),
  );
  const outcomes = [...Map.groupBy(led, ({ leader }) => leader)].map(async ([leader, group]) => {
    const own = group.map(({ batch }) => batch);
    try {
      const answers = await produce(leader, transactionalId, own);
      return own.map((batch): BatchOutcome => {
        const answer = answers.find(({ topic, partition }) => topic === batch.topic && partition === batch.partition);
        return { batch, answer: answer ?? null, error: null };
      });
    } catch (error) {
      return own.map((batch): BatchOutcome => ({ batch, answer: null, error }));
    }
  });
  return (await Promise.all(outcomes)).flat();
}

function isConfirmed(answer: ProduceAnswer | null): boolean {
  return answer?.errorCode === 0 || answer?.errorCode === duplicateSequence;
}

/** The failure that decides whether the batches are sent again: one that does not pass comes first. */
function worst(failures: readonly BatchOutcome[]): unknown {
  const errors = failures.map(({ batch, answer, error }) => error ?? refusal(batch, answer));
  return errors.find((error) => !mayPass(error)) ?? errors[0];
}

function refusal({ topic, partition }: PlacedBatch, answer: ProduceAnswer | null): unknown {
  if (answer) return refusedBatch(answer.errorCode, `partition ${partition} of topic '${topic}'`);
  return new MillraceError(
    'kafka-produce-incomplete',
    `Kafka did not answer for partition ${partition} of topic '${topic}'`,
  );
}
