// Transactions over the wire: partitions are taken in once each, the group's offsets are announced with the first of them,
// records go out as they come, and a commit waits for all of it.

import { MillraceError } from '../../errors.ts';
import { abortAtClose, abortMs } from '../abort-at-close.ts';
import { createTransactionGuard } from '../transaction-errors.ts';
import type { Place, TransactionalProducer, TransactionalProducerOptions } from '../transactional-producer.ts';
import { createWireCluster } from './cluster.ts';
import { createReach } from './reach.ts';
import { takeOver } from './take-over.ts';
import { createTransactionRequests, patienceMs } from './transaction-requests.ts';
import { createWireProducer, type ProducerIdentity } from './wire-producer.ts';

/** A producer that is not connected yet. */
export function createWireTransactions(options: TransactionalProducerOptions): TransactionalProducer {
  const { connection, transactionalId, timeoutMs, groupId, onStage } = options;
  const cluster = createWireCluster(connection);
  const requests = createTransactionRequests(cluster, transactionalId, groupId);
  const reach = createReach();
  let identity: ProducerIdentity = { id: -1n, epoch: -1 };
  /** Whether the broker may know of a transaction that nobody has asked it to commit. */
  let isOpen = false;
  let isClosing = false;
  /** The offsets on their way. */
  let sendingOffsets: Promise<void> = Promise.resolve();

  async function takeIn(batches: readonly Place[]): Promise<void> {
    const isFirst = reach.isEmpty;
    if (isFirst) await onStage?.('before-send');
    const missing = reach.missing(batches);
    if (missing.length === 0) return;
    isOpen = true;
    await requests.addPartitions(identity, missing);
    // One after the other: of two such requests at a time the coordinator refuses one.
    if (isFirst) {
      await onStage?.('partitions-added');
      await requests.addOffsets(identity);
    }
    reach.takenIn(missing);
  }

  const producer = createWireProducer({
    cluster,
    transactionalId,
    batchBytesMax: options.partitionBytesMax,
    patienceMs,
    beforeRound: takeIn,
  });

  const { failing, adding } = createTransactionGuard(transactionalId);

  return {
    fence: () =>
      failing('transaction-failed', async () => {
        identity = await takeOver(requests, options.places, timeoutMs);
        producer.identify(identity);
      }),
    add: (topic, records, row, partition) => adding(() => producer.add(topic, records, row, partition)),
    begin: () => producer.begin(),
    async commit({ journal: { topic, value }, offsets }) {
      const announced = async () => onStage?.('before-offsets');
      const sendOffsets = () => {
        sendingOffsets = announced().then(() => requests.sendOffsets(identity, offsets.topic, offsets.positions));
        return sendingOffsets;
      };
      const journalOffset = await failing('transaction-failed', async () => {
        const record = { key: null, value, headers: [], timestampMs: null, partition: 0 };
        await producer.add(topic, [record], 0, 0);
        // Side by side, once the group is announced: neither is seen before the other, only with the commit.
        const sent = () => producer.drain().then(() => onStage?.('sent'));
        if (!reach.isEmpty) await Promise.all([sent(), sendOffsets()]);
        else await sent().then(sendOffsets);
        await onStage?.('offsets-sent');
        if (isClosing) throw new Error('the producer is closed');
        return requireOffset(producer.lastOffset(topic, 0), topic);
      });
      isOpen = false;
      await failing('commit-unknown', () => requests.commit(identity));
      reach.end();
      await onStage?.('committed');
      return journalOffset;
    },
    async close() {
      isClosing = true;
      await abortAtClose([producer.halt(), sendingOffsets], async () => {
        if (isOpen) await requests.abort(identity, abortMs);
      });
      await cluster.close();
    },
  };
}

function requireOffset(offset: number | null, topic: string): number {
  if (offset !== null && offset >= 0) return offset;
  throw new MillraceError('transaction-failed', `Kafka did not say where in topic '${topic}' the journal's record is`);
}
