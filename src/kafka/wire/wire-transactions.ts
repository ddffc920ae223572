// Transactions over the wire: records go out as they come, and a commit waits for all of it, and for its own markers.

import { MillraceError } from '../../errors.ts';
import { abortAtClose, abortMs } from '../abort-at-close.ts';
import { createTransactionGuard } from '../transaction-errors.ts';
import type { TransactionalProducer, TransactionalProducerOptions } from '../transactional-producer.ts';
import { createWireCluster } from './cluster.ts';
import { createIntake } from './intake.ts';
import { untilMarked, type Written } from './markers.ts';
import { takeOver } from './take-over.ts';
import { createTransactionRequests, patienceMs } from './transaction-requests.ts';
import { createWireProducer, type ProducerIdentity } from './wire-producer.ts';

/** A producer that is not connected yet. */
export function createWireTransactions(options: TransactionalProducerOptions): TransactionalProducer {
  const { connection, transactionalId, timeoutMs, groupId, places, journal, onStage } = options;
  const cluster = createWireCluster(connection);
  const requests = createTransactionRequests(cluster, transactionalId, groupId);
  const intake = createIntake(requests, journal, onStage);
  let identity: ProducerIdentity = { id: -1n, epoch: -1 };
  let isClosing = false;
  /** The offsets on their way. */
  let sendingOffsets: Promise<void> = Promise.resolve();

  const producer = createWireProducer({
    cluster,
    transactionalId,
    batchBytesMax: options.partitionBytesMax,
    patienceMs,
    beforeRound: (batches) => intake.takeIn(identity, batches),
  });

  const { failing, adding } = createTransactionGuard(transactionalId);

  /** What the transaction at hand has written last to each of its partitions, as far as brokers have said. */
  const written = () =>
    intake.places.flatMap(({ topic, partition }): Written[] => {
      const offset = producer.lastOffset(topic, partition);
      return offset === null ? [] : [{ topic, partition, offset }];
    });

  return {
    fence: () =>
      failing('transaction-failed', async () => {
        identity = await takeOver({ cluster, requests, places, timeoutMs });
        producer.identify(identity);
      }),
    add: (topic, records, row, partition) => adding(() => producer.add(topic, records, row, partition)),
    copies: producer.copies,
    begin: () => producer.begin(),
    async commit({ journal: value, offsets }) {
      const announced = async () => onStage?.('before-offsets');
      const sendOffsets = () => {
        sendingOffsets = announced().then(() => requests.sendOffsets(identity, offsets.topic, offsets.positions));
        return sendingOffsets;
      };
      const journalOffset = await failing('transaction-failed', async () => {
        const record = { key: null, value, headers: [], timestampMs: null, partition: 0 };
        await producer.add(journal.topic, [record], 0, journal.partition);
        // Side by side, once the group is announced: neither is seen before the other, only with the commit.
        const sent = () => producer.drain().then(() => onStage?.('sent'));
        if (intake.places.length > 0) await Promise.all([sent(), sendOffsets()]);
        else await sent().then(sendOffsets);
        await onStage?.('offsets-sent');
        if (isClosing) throw new Error('the producer is closed');
        return requireOffset(producer.lastOffset(journal.topic, journal.partition), journal.topic);
      });
      const ending = written();
      intake.end();
      await failing('commit-unknown', async () => {
        await requests.commit(identity);
        await untilMarked(cluster, ending, patienceMs);
      });
      await onStage?.('committed');
      return journalOffset;
    },
    async close() {
      isClosing = true;
      await abortAtClose([producer.halt(), sendingOffsets], async () => {
        if (intake.isOpen) await requests.abort(identity, abortMs);
      });
      await cluster.close();
    },
  };
}

function requireOffset(offset: number | null, topic: string): number {
  if (offset !== null && offset >= 0) return offset;
  throw new MillraceError('transaction-failed', `Kafka did not say where in topic '${topic}' the journal's record is`);
}
