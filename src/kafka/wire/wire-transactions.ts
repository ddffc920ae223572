// Transactions over the wire: partitions are added once each, the group's offsets are announced with the first of them,
// records go out as they come, and a commit waits for all of it.

import { MillraceError } from '../../errors.ts';
import { abortAtClose } from '../abort-at-close.ts';
import type { KafkaConnection } from '../client.ts';
import { createTransactionGuard } from '../transaction-errors.ts';
import type { TransactionalProducer, TransactionalProducerOptions } from '../transactional-producer.ts';
import { createWireCluster } from './cluster.ts';
import { createTransactionRequests, type Place, patienceMs } from './transaction-requests.ts';
import { createWireProducer, type ProducerIdentity } from './wire-producer.ts';

export interface WireTransactionsOptions extends TransactionalProducerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
}

/** A producer that is not connected yet. */
export function createWireTransactions(options: WireTransactionsOptions): TransactionalProducer {
  const { connection, transactionalId, timeoutMs, groupId, onStage } = options;
  const cluster = createWireCluster(connection);
  const requests = createTransactionRequests(cluster, transactionalId, groupId);
  /** Partitions of the transaction at hand; with the first of them it begins. */
  const places = new Set<string>();
  /** Where every transaction ends, once that is known: taken in with the first partitions, it costs no request of its own. */
  let journal: Place | null = null;
  let identity: ProducerIdentity = { id: -1n, epoch: -1 };
  /** Whether the broker may know of a transaction that nobody has asked it to commit. */
  let isOpen = false;
  let isClosing = false;
  /** The offsets on their way. */
  let sendingOffsets: Promise<void> = Promise.resolve();

  async function takeIn(batches: readonly Place[]): Promise<void> {
    const isFirst = places.size === 0;
    if (isFirst) await onStage?.('before-send');
    const wanted = isFirst && journal ? [...batches.filter(({ topic }) => topic !== journal?.topic), journal] : batches;
    const missing = wanted.filter(({ topic, partition }) => !places.has(`${topic}/${partition}`));
    if (missing.length === 0) return;
    isOpen = true;
    await requests.addPartitions(identity, missing);
    // One after the other: of two such requests at a time the coordinator refuses one.
    if (isFirst) {
      await onStage?.('partitions-added');
      await requests.addOffsets(identity);
    }
    for (const { topic, partition } of missing) places.add(`${topic}/${partition}`);
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
        identity = await requests.identify(timeoutMs);
        producer.identify(identity);
      }),
    add: (topic, records, row, partition) => adding(() => producer.add(topic, records, row, partition)),
    begin: () => producer.begin(),
    async commit({ journal: { topic, value }, offsets }) {
      journal = { topic, partition: 0 };
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
        if (places.size > 0) await Promise.all([sent(), sendOffsets()]);
        else await sent().then(sendOffsets);
        await onStage?.('offsets-sent');
        if (isClosing) throw new Error('the producer is closed');
        return requireOffset(producer.lastOffset(topic, 0), topic);
      });
      isOpen = false;
      await failing('commit-unknown', () => requests.commit(identity));
      places.clear();
      await onStage?.('committed');
      return journalOffset;
    },
    async close() {
      isClosing = true;
      await abortAtClose([producer.halt(), sendingOffsets], async () => {
        if (isOpen) await requests.abort(identity);
      });
      await cluster.close();
    },
  };
}

function requireOffset(offset: number | null, topic: string): number {
  if (offset !== null && offset >= 0) return offset;
  throw new MillraceError('transaction-failed', `Kafka did not say where in topic '${topic}' the journal's record is`);
}
