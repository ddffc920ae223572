// Records on their way into batches, by partition and in order; bounded in bytes.

import type { OutputRecords } from '../../sample/packed-records.ts';
import { createRecordBatch, type RecordBatch } from './record-batch.ts';

/** The batches of one partition: full ones, then the one that is filling. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly full: RecordBatch[];
  filling: RecordBatch;
}

/** A batch that is to be sent next. */
export interface NextBatch {
  readonly topic: string;
  readonly partition: number;
  readonly batch: RecordBatch;
}

export interface BatchQueue {
  /** Bytes that wait. */
  readonly bytes: number;
  /** Whether a batch is full, so that it is time to send. */
  readonly hasFull: boolean;
  readonly isEmpty: boolean;
  add(topic: string, records: OutputRecords, row: number, partition: number): void;
  /** Takes the oldest batch of each partition that has any. */
  take(): NextBatch[];
}

/** An empty queue of batches of at most `batchBytesMax`. */
export function createBatchQueue(batchBytesMax: number): BatchQueue {
  const lanes = new Map<string, Lane[]>();
  let bytes = 0;
  let full = 0;

  let last: Lane | null = null;

  function laneOf(topic: string, partition: number): Lane {
    if (last?.partition === partition && last.topic === topic) return last;
    const ofTopic = lanes.get(topic) ?? [];
    if (ofTopic.length === 0) lanes.set(topic, ofTopic);
    ofTopic[partition] ??= { topic, partition, full: [], filling: createRecordBatch(batchBytesMax) };
    last = ofTopic[partition];
    return last;
  }

  /** A batch to follow the one that is filling, about as large. */
  function emptied({ filling }: Lane): RecordBatch {
    return createRecordBatch(batchBytesMax, Math.ceil(filling.bytes * 1.125));
  }

  return {
    get bytes() {
      return bytes;
    },
    get hasFull() {
      return full > 0;
    },
    get isEmpty() {
      return bytes === 0;
    },
    add(topic, records, row, partition) {
      const lane = laneOf(topic, partition);
      const before = lane.filling.records === 0 ? 0 : lane.filling.bytes;
      if (!lane.filling.append(records, row)) {
        lane.full.push(lane.filling);
        full++;
        lane.filling = emptied(lane);
        lane.filling.append(records, row);
        bytes += lane.filling.bytes;
      } else bytes += lane.filling.bytes - before;
    },
    take() {
      const next: NextBatch[] = [];
      for (const lane of [...lanes.values()].flat()) {
        if (!lane) continue;
        const { topic, partition } = lane;
        const oldest = lane.full.shift();
        if (oldest) full--;
        else if (lane.filling.records === 0) continue;
        const batch = oldest ?? lane.filling;
        if (!oldest) lane.filling = emptied(lane);
        bytes -= batch.bytes;
        next.push({ topic, partition, batch });
      }
      return next;
    },
  };
}
