// What a way of writing transactions must do; kafkajs and Millrace's own encoder both do it.

import type { OutputRecords } from '../sample/packed-records.ts';
import type { Positions } from '../sample/record.ts';
import type { KafkaConnection } from './client.ts';
import type { Place } from './place.ts';

/**
 * Points at which a process may die; tests let it. `partitions-added` is the wire's own: the broker knows the partitions of
 * the transaction, and not yet that offsets of the group will be part of it.
 */
export type TransactionStage =
  | 'before-send'
  | 'partitions-added'
  | 'sent'
  | 'before-offsets'
  | 'offsets-sent'
  | 'committed';

export interface TransactionalProducerOptions {
  readonly connection: KafkaConnection;
  /** Stable for a model: whoever opens a producer with it shuts out every older one. */
  readonly transactionalId: string;
  /** The group whose offsets the transactions carry. */
  readonly groupId: string;
  /** Every partition that may be written to, that of the journal too. */
  readonly places: readonly Place[];
  /** Where every transaction ends with a record. */
  readonly journal: Place;
  /** A transaction that is open for longer is aborted by the broker, and its producer fenced. */
  readonly timeoutMs: number;
  /** Bytes that one send may hold for each partition. */
  readonly partitionBytesMax: number;
  /** Hears of each stage; the transaction goes on when it resolves. */
  readonly onStage?: (stage: TransactionStage) => Promise<void> | void;
}

/** The end of a transaction: the journal's record and the offsets, which become visible with all the rest. */
export interface TransactionEnd {
  /** The value of the journal's record. */
  readonly journal: Uint8Array;
  readonly offsets: { readonly groupId: string; readonly topic: string; readonly positions: Positions };
}

/** One transaction after another, under one transactional id. Fails for good with the first failure of any call. */
export interface TransactionalProducer {
  /** Connects, shuts out older producers of the id, and waits until nothing of theirs is open in any of the places. */
  fence(): Promise<void>;
  /** Adds record `row` to the transaction at hand. A promise where there is no room: resolves once it is added. */
  add(topic: string, records: OutputRecords, row: number, partition: number): Promise<void> | undefined;
  /** Whether the bytes of a record that was added are read no more. */
  readonly copies: boolean;
  /** Sends what was added, without waiting for it. */
  begin(): void;
  /**
   * Ends the transaction at hand; gives the offset of the journal's record. Rejects with MillraceError: `fenced`,
   * `transaction-failed` (it is aborted, now or by the next fence), or `commit-unknown`.
   */
  commit(end: TransactionEnd): Promise<number>;
  close(): Promise<void>;
}
