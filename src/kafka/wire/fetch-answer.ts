// What a broker has answered for one partition: records for whoever wants them, or a refusal and what it means.

import { messageOf } from '../../errors.ts';
import type { FetchedPartition, FetchRequest } from './fetch.ts';
import { freeLane, holdLane, type Lane } from './fetch-lane.ts';
import { refusedBatch } from './produce.ts';
import { type ReadRecords, readRecords } from './record-reader.ts';
import { mayPass } from './retry.ts';

/** Who wants the records. */
export interface FetchTarget {
  /** The next offset that is wanted of a partition. */
  next(partition: number): number;
  /** Where a partition is to end: it is fetched no more once its next offset is there. */
  end(partition: number): number;
  /** Takes what came, if only the news of where the log ends; the partition is fetched again once this resolves. */
  take(partition: number, read: ReadRecords, highWatermark: number): Promise<void>;
  /** Hears that the broker does not hold the next offset. Throws, or resolves where it is to be asked again. */
  outOfRange(partition: number): Promise<void>;
  /** Hears that the topic's id is not the one it had. Throws, or resolves where it is to be asked again. */
  unknownTopic(): Promise<void>;
  /** Hears of what does not pass, or has not passed in time. Nothing is fetched any more. */
  fail(error: unknown): void;
}

/** How an answer is read. */
export interface ReadOptions {
  readonly isolation: FetchRequest['isolation'];
  /** Of what is read of one partition, decompressed. */
  readonly partitionBytesMax: number;
  /** Of one batch, decompressed: a longer one is refused. */
  readonly batchBytesMax: number;
  /** Hears how many times longer than what came the records are, before they are taken. */
  readonly heed: (growth: number) => void;
}

const errorCodes = { outOfRange: 1, unknownTopicId: 100, inconsistentTopicId: 103 };

/** An answer that may be another one soon. */
class NotYetError extends Error {}

/** Whether a failure to fetch may pass by itself. */
export function fetchMayPass(error: unknown): boolean {
  return error instanceof NotYetError || mayPass(error);
}

/** Reads what came for a lane, which holds it until it was taken. Throws, naming the partition, where nothing is to be had. */
export async function handOver(
  target: FetchTarget,
  lane: Lane,
  answer: FetchedPartition | undefined,
  options: ReadOptions,
): Promise<ReadRecords> {
  const { partition } = lane;
  lane.state = 'held';
  const read = await readAnswer(target, partition, answer, options);
  holdLane(lane, read.bytes, read.nextOffset > target.next(partition));
  if (read.growth !== null) options.heed(read.growth);
  await target.take(partition, read, answer?.highWatermark ?? 0);
  freeLane(lane);
  return read;
}

async function readAnswer(
  target: FetchTarget,
  partition: number,
  answer: FetchedPartition | undefined,
  { isolation, partitionBytesMax: bytesMax, batchBytesMax }: ReadOptions,
): Promise<ReadRecords> {
  if (!answer) throw new NotYetError(`partition ${partition}: Kafka did not answer for it`);
  if (answer.errorCode !== 0) throw await refusal(target, answer);
  const { bytes, stableOffset, aborted } = answer;
  const from = target.next(partition);
  const end = target.end(partition);
  const isCommitted = isolation === 'read_committed';
  const to = isCommitted ? Math.min(end, stableOffset) : end;
  const range = { from, to, bytesMax, batchBytesMax, aborted: isCommitted ? aborted : null };
  const read = readAt(partition, () => readRecords(bytes, range));
  if (bytes.length > 0 && read.nextOffset === from)
    throw new Error(`partition ${partition}: no whole record batch has come for offset ${from}`);
  return read;
}

function readAt<T>(partition: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`partition ${partition}: ${messageOf(error)}`, { cause: error });
  }
}

async function refusal(target: FetchTarget, { partition, errorCode }: FetchedPartition): Promise<Error> {
  const { outOfRange, unknownTopicId, inconsistentTopicId } = errorCodes;
  if (errorCode === unknownTopicId || errorCode === inconsistentTopicId) await target.unknownTopic();
  const error = refusedBatch(errorCode, `partition ${partition}`);
  if (errorCode !== outOfRange) return error;
  await target.outOfRange(partition);
  // It is held all the same: a new leader may not know yet how far it is.
  return new NotYetError(`partition ${partition}: ${error.message}`, { cause: error });
}
