// The requests of a transaction, each tried again for as long as its failure may pass.
// Source: KIP-98, KIP-664; the versions are the newest of the first transaction protocol.

import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  describeTransactionsV0,
  endTxnV3,
  initProducerIdV4,
  txnOffsetCommitV3,
} from '@platformatic/kafka';
import type { Positions } from '../../sample/record.ts';
import type { Place } from '../place.ts';
import type { WireCluster } from './cluster.ts';
import { answers, withRetries } from './retry.ts';
import type { ProducerIdentity } from './wire-producer.ts';

/** How long one request may go on failing within a transaction. */
export const patienceMs = 30_000;
/** What Kafka calls a transaction whose commit is decided. */
const committedStates: ReadonlySet<string> = new Set(['PrepareCommit', 'CompleteCommit']);
/** How long a fence waits for the transactions of older producers to end. */
const fenceMs = 60_000;

/** The last transaction of a transactional id, as its coordinator knows it. */
export interface LastTransaction extends ProducerIdentity {
  /** Whether it is committed, or sure to be; false where it was aborted or has not ended. */
  readonly isCommitted: boolean;
}

export interface TransactionRequests {
  /** null where the coordinator knows of none. */
  describe(): Promise<LastTransaction | null>;
  /** A new epoch: shuts out older producers and ends their transactions. */
  identify(timeoutMs: number): Promise<ProducerIdentity>;
  addPartitions(identity: ProducerIdentity, places: readonly Place[]): Promise<void>;
  /** Announces that offsets of the group will be part of the transaction. */
  addOffsets(identity: ProducerIdentity): Promise<void>;
  sendOffsets(identity: ProducerIdentity, topic: string, positions: Positions): Promise<void>;
  /** Commits. Asking twice under one epoch is the same as asking once. */
  commit(identity: ProducerIdentity): Promise<void>;
  /** Aborts; failures may go on for `withinMs`. */
  abort(identity: ProducerIdentity, withinMs: number): Promise<void>;
}

/** The requests for one transactional id and the group whose offsets it carries. */
export function createTransactionRequests(
  cluster: WireCluster,
  transactionalId: string,
  groupId: string,
): TransactionRequests {
  const retry = { cluster, patienceMs };
  const coordinator = () => cluster.coordinator('transaction', transactionalId);
  return {
    async describe() {
      const answer = await withRetries({ cluster, patienceMs: fenceMs }, async () =>
        describeTransactionsV0.api.async(await coordinator(), [transactionalId]),
      ).catch((error: unknown) => {
        if (answers(error, 'TRANSACTIONAL_ID_NOT_FOUND')) return null;
        throw error;
      });
      const last = answer?.transactionStates[0];
      if (!last) return null;
      const isCommitted = committedStates.has(last.transactionState);
      return { id: last.producerId, epoch: last.producerEpoch, isCommitted };
    },
    async identify(timeoutMs) {
      const { producerId, producerEpoch } = await withRetries({ cluster, patienceMs: fenceMs }, async () =>
        initProducerIdV4.api.async(await coordinator(), transactionalId, timeoutMs),
      );
      return { id: producerId, epoch: producerEpoch };
    },
    async addPartitions({ id: producerId, epoch: producerEpoch }, places) {
      const topics = [...Map.groupBy(places, ({ topic }) => topic)].map(([name, group]) => ({
        name,
        partitions: group.map(({ partition }) => partition),
      }));
      const request = { transactionalId, producerId, producerEpoch, verifyOnly: false, topics };
      await withRetries(retry, async () => addPartitionsToTxnV3.api.async(await coordinator(), [request]));
    },
    async addOffsets({ id, epoch }) {
      await withRetries(retry, async () =>
        addOffsetsToTxnV3.api.async(await coordinator(), transactionalId, id, epoch, groupId),
      );
    },
    async sendOffsets({ id, epoch }, topic, positions) {
      const partitions = [...positions].map(([partitionIndex, offset]) => ({
        partitionIndex,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: '',
      }));
      if (partitions.length === 0) return;
      await withRetries(retry, async () => {
        const group = await cluster.coordinator('group', groupId);
        // No generation: the client that reads does not tell it. The transactional id is what shuts out older owners.
        const member = [-1, '', null] as const;
        const topics = [{ name: topic, partitions }];
        await txnOffsetCommitV3.api.async(group, transactionalId, groupId, id, epoch, ...member, topics);
      });
    },
    async commit({ id, epoch }) {
      await withRetries(retry, async () => endTxnV3.api.async(await coordinator(), transactionalId, id, epoch, true));
    },
    async abort({ id, epoch }, withinMs) {
      const within = { cluster, patienceMs: withinMs };
      await withRetries(within, async () => endTxnV3.api.async(await coordinator(), transactionalId, id, epoch, false));
    },
  };
}
