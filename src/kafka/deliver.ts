// One fetched batch into one chunk: each record once, in order, and the next fetch only after the chunk was taken.

import type { EachBatchHandler, EachBatchPayload } from 'kafkajs';
import { listedRecords } from '../sample/listed-records.ts';
import type { SourceRecord } from '../sample/record.ts';
import type { Offer } from './handoff.ts';
import { requireHeld } from './progress.ts';
import { endIfDone, type ReadContext } from './read-context.ts';
import { toSourceRecord } from './records.ts';

/** The consumer's batch handler; `heartbeatMs` is how often it tells the group that it lives while it waits. */
export function createDelivery(context: ReadContext, heartbeatMs: number): EachBatchHandler {
  const deliver = async (payload: EachBatchPayload) => {
    const { topic, progress, handoff, consumer } = context;
    const { batch } = payload;
    const { partition } = batch;
    if (handoff.ended || !progress.begun || payload.isStale()) return;
    const expected = progress.next(partition);
    const last = Number(batch.lastOffset());
    const first = Number(batch.firstOffset() ?? expected);
    // A gap is compaction's, or the client has jumped: it resets a position that is out of range without a word.
    if (first > expected || last < expected) await requireNext(context, partition);
    if (last < expected) {
      consumer.seek({ topic, partition, offset: String(expected) });
      return;
    }
    const end = progress.end(partition);
    const records = listedRecords(recordsBetween(batch.messages, expected, end));
    const nextOffset = Math.min(last + 1, end);
    if (records.length > 0) {
      const offer = handoff.offer({ origin: topic, partition, records, nextOffset });
      if (!(await takenWithHeartbeats(offer, payload, heartbeatMs))) return;
    }
    progress.advance(partition, nextOffset);
    payload.resolveOffset(batch.lastOffset());
    if (progress.done(partition)) payload.pause();
    endIfDone(context);
  };
  return async (payload) => {
    try {
      await deliver(payload);
    } catch (error) {
      // The client's own errors (a rebalance) go back to it; ours would only be tried again.
      if (error instanceof Error && error.name.startsWith('KafkaJS')) throw error;
      context.fail(error);
    }
  };
}

/** Throws kafka-offset-out-of-range unless the partition still holds its next offset. */
export async function requireNext(context: ReadContext, partition: number): Promise<void> {
  const held = await context.held();
  requireHeld(context.topic, partition, context.progress.next(partition), held.get(partition));
}

function recordsBetween(messages: EachBatchPayload['batch']['messages'], from: number, to: number): SourceRecord[] {
  const records: SourceRecord[] = [];
  for (const message of messages) {
    const offset = Number(message.offset);
    if (offset >= from && offset < to) records.push(toSourceRecord(message));
  }
  return records;
}

/** Waits until a chunk was taken, heartbeating all the while; false if it will not be. Throws if the group is lost. */
async function takenWithHeartbeats(offer: Offer, payload: EachBatchPayload, everyMs: number): Promise<boolean> {
  const lost = Promise.withResolvers<never>();
  let beating = false;
  const beat = async () => {
    if (beating) return;
    beating = true;
    try {
      await payload.heartbeat();
    } catch (error) {
      // Gone already: then the chunk counts as delivered, and the next heartbeat finds the group lost.
      if (offer.withdraw()) lost.reject(error);
    }
    beating = false;
  };
  const timer = setInterval(() => void beat(), everyMs);
  try {
    return await Promise.race([offer.taken, lost.promise]);
  } finally {
    clearInterval(timer);
  }
}
