// Transactions through kafkajs, with a guard for each of its traps: answers are counted, partitions always named,
// records sent before offsets, offsets tried again, and after a failure never used again.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, Offsets, Producer, RecordMetadata, Transaction } from 'kafkajs';
import { abortAtClose } from './abort-at-close.ts';
import { connect } from './client.ts';
import { withPatience } from './patience.ts';
import { createSendQueue, requireConfirmed } from './send-queue.ts';
import { namedPartition } from './topic-end.ts';
import { createTransactionGuard, isFenced } from './transaction-errors.ts';
import type { TransactionalProducer, TransactionalProducerOptions, TransactionEnd } from './transactional-producer.ts';
import { createWireCluster } from './wire/cluster.ts';
import { takeOver } from './wire/take-over.ts';
import { createTransactionRequests } from './wire/transaction-requests.ts';

/** kafkajs' first pause of 300 ms would throttle transactions: the coordinator answers "not yet" as a matter of course. */
const retry = { initialRetryTime: 5, maxRetryTime: 500, retries: 12 };

/** How long fencing may go on failing. */
const fenceMs = 30_000;

/** Tries of `sendOffsets`, which kafkajs lets fail at the first "not yet". */
const offsetTries = 20;

export interface KafkajsTransactionsOptions extends TransactionalProducerOptions {
  readonly client: Kafka;
}

/** A producer that is not connected yet. */
export function createKafkajsTransactions(options: KafkajsTransactionsOptions): TransactionalProducer {
  const { client, connection, transactionalId, timeoutMs, onStage } = options;
  const producer = client.producer({
    transactionalId,
    transactionTimeout: timeoutMs,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: () => namedPartition,
    retry,
  });
  let transaction: Promise<Transaction> | null = null;
  /** Whether somebody has asked for a commit of it. */
  let isEnding = false;
  let isClosing = false;
  /** The journal's record and the offsets on their way. */
  let sendingEnd: Promise<unknown> = Promise.resolve();
  const open = () => {
    transaction ??= producer.transaction();
    return transaction;
  };
  const queue = createSendQueue({
    send: async (topicMessages) => {
      const opened = await open();
      await onStage?.('before-send');
      return opened.sendBatch({ topicMessages, acks: -1 });
    },
    partitionBytesMax: options.partitionBytesMax,
  });
  const { failing, adding } = createTransactionGuard(transactionalId);
  return {
    async fence() {
      // kafkajs tells nobody its epoch, and aborts only what it has written itself.
      await failing('transaction-failed', () => endLeftovers(options));
      // kafkajs asks for its epoch when it connects or with the first transaction, and gives up where the connection breaks
      // before the answer. Asking again raises the epoch once more, and does no harm.
      await withPatience(fenceMs, () => connect(producer, connection));
      const fence = async () => (await producer.transaction()).abort();
      await failing('transaction-failed', () => withPatience(fenceMs, fence));
    },
    add: (topic, records, row, partition) => adding(() => queue.add(topic, records, row, partition)),
    copies: queue.copies,
    begin: () => queue.begin(),
    async commit(end) {
      const journalOffset = await failing('transaction-failed', async () => {
        await queue.drain();
        const sending = open().then((opened) => sendEnd(opened, end, options));
        sendingEnd = sending;
        const offset = await sending;
        if (isClosing) throw new Error('the producer is closed');
        return offset;
      });
      isEnding = true;
      await failing('commit-unknown', async () => (await open()).commit());
      transaction = null;
      isEnding = false;
      await onStage?.('committed');
      return journalOffset;
    },
    async close() {
      isClosing = true;
      await abortAtClose([queue.halt(), sendingEnd], async () => {
        if (transaction && !isEnding) await (await transaction).abort();
      });
      await disconnect(producer);
    },
  };
}

async function endLeftovers(options: KafkajsTransactionsOptions): Promise<void> {
  const { connection, transactionalId, groupId, places, timeoutMs } = options;
  const cluster = createWireCluster(connection);
  try {
    const requests = createTransactionRequests(cluster, transactionalId, groupId);
    await takeOver({ cluster, requests, places, timeoutMs });
  } finally {
    await cluster.close();
  }
}

/** The journal's record, then the offsets; gives the record's offset. */
async function sendEnd(
  transaction: Transaction,
  { journal: value, offsets }: TransactionEnd,
  { journal: { topic, partition }, onStage }: TransactionalProducerOptions,
): Promise<number> {
  const messages = [{ value: Buffer.from(value), partition }];
  const answers: RecordMetadata[] = await transaction.send({ topic, messages, acks: -1 });
  requireConfirmed([`${topic}/${partition}`], answers);
  await onStage?.('sent');
  await onStage?.('before-offsets');
  const partitions = [...offsets.positions].map(([input, offset]) => ({ partition: input, offset: String(offset) }));
  const request = { consumerGroupId: offsets.groupId, topics: [{ topic: offsets.topic, partitions }] };
  if (partitions.length > 0) await sendOffsets(transaction, request);
  await onStage?.('offsets-sent');
  return Number(answers[0].baseOffset);
}

async function sendOffsets(transaction: Transaction, request: Offsets & { consumerGroupId: string }): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction.sendOffsets(request);
    } catch (error) {
      if (tries >= offsetTries || isFenced(error)) throw error;
      await sleep(5 * tries);
    }
  }
}

/** Nothing that a producer which failed has to say at its end is of use. */
async function disconnect(producer: Producer): Promise<void> {
  await producer.disconnect().catch(() => {});
}
