// What writing to a topic needs to know of it: which partition a record goes to, and how large it may be.

import type { Admin, PartitionerArgs } from 'kafkajs';
import { type OutputRecords, recordAt } from '../sample/packed-records.ts';
import { freePage } from '../sample/page.ts';
import type { OutputRecord } from '../sample/record.ts';
import type { KafkaConnection } from './client.ts';
import { fitRecord, oversizeError } from './oversize.ts';
import { createPartitionChoice } from './partition-choice.ts';
import { recordBytes } from './records.ts';
import type { SendQueue } from './send-queue.ts';
import { largestBatchBytes, partitionCount } from './topics.ts';

/**
 * A record larger than the topic takes: `fail` stops the run; `truncate` cuts the value and says so in the header
 * `millrace-original-bytes`, for dead letters.
 */
export type Oversize = 'fail' | 'truncate';

/** The writing end of a topic. */
export interface TopicEnd {
  readonly topic: string;
  readonly partitions: number;
  readonly recordBytesMax: number;
  /** Adds records to a queue; resolves once it has room for more. Packed ones are freed as soon as nobody reads them. */
  add(records: OutputRecords, queue: Pick<SendQueue, 'add' | 'copies'>): Promise<void>;
}

/** A topic's own limit where the cluster does not tell it: Kafka's default. */
const defaultBatchBytes = 1_048_588;
/** What a record batch takes beside its records. */
const batchOverheadBytes = 128;
/** A send is kept smaller than the largest one allowed: fewer bytes to send again. */
const sendBytesMax = 1 << 20;

/** The writing end of a topic that exists. Throws kafka-topic-missing. */
export async function openTopicEnd(
  admin: Admin,
  topic: string,
  connection: KafkaConnection,
  oversize: Oversize,
): Promise<TopicEnd> {
  const partitions = await partitionCount(admin, topic, connection);
  const choosePartition = createPartitionChoice(partitions);
  const recordBytesMax = ((await largestBatchBytes(admin, topic)) ?? defaultBatchBytes) - batchOverheadBytes;
  const fitted = (record: OutputRecord) => {
    if (oversize === 'truncate') return fitRecord(record, recordBytesMax, topic);
    throw oversizeError(record, recordBytesMax, topic);
  };
  return {
    topic,
    partitions,
    recordBytesMax,
    async add(records, queue) {
      const packedPlace = 'ends' in records ? choosePartition(records.partition, null) : 0;
      for (let row = 0; row < records.length; row++) {
        const place = 'ends' in records ? packedPlace : choosePartition(records[row].partition, records[row].key);
        const fits = recordBytes(records, row) <= recordBytesMax;
        const room = fits
          ? queue.add(topic, records, row, place)
          : queue.add(topic, [fitted(recordAt(records, row))], 0, place);
        if (room !== undefined) await room;
      }
      if (queue.copies && 'ends' in records) freePage(records);
    },
  };
}

/** Bytes that one send may hold for each partition of these topics. */
export function sendBytes(ends: readonly TopicEnd[]): number {
  return Math.min(sendBytesMax, ...ends.map(({ recordBytesMax }) => recordBytesMax));
}

/** Every message names its partition; kafkajs asks all the same. */
export function namedPartition({ message }: PartitionerArgs): number {
  if (message.partition === undefined) throw new Error('a message for Kafka names no partition');
  return message.partition;
}
