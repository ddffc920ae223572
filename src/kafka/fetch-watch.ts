// Looks after a consumer that gets nothing: is there really nothing, or has retention passed the position (kafkajs then
// jumps to another without a word), or is it stuck before a batch that it cannot pass?

import { requireHeld } from './progress.ts';
import type { ReadContext } from './read-context.ts';
import { createStallWatch } from './stall-watch.ts';

/** Positions are checked after so long without a batch. */
const idleCheckMs = 3000;

/** Watches the fetches of the context's consumer, for which the broker waits up to `fetchWaitMs`. */
export function watchFetches(context: ReadContext, fetchWaitMs: number): void {
  const { consumer, topic, progress, handoff } = context;
  const { GROUP_JOIN, FETCH_START, FETCH, START_BATCH_PROCESS, END_BATCH_PROCESS } = consumer.events;
  let owning = false;
  let batchesInWork = 0;
  let quietSinceMs = Date.now();

  const checkPositions = async () => {
    const held = await context.held();
    if (handoff.ended || batchesInWork > 0) return;
    for (const [partition, marks] of held) requireHeld(topic, partition, progress.next(partition), marks);
  };

  const checkStall = async () => {
    const held = await context.held();
    const stuck = [...held].find(([partition, { latest }]) => progress.next(partition) < latest);
    if (!stuck || handoff.ended) return;
    const place = `offset ${progress.next(stuck[0])} of partition ${stuck[0]}`;
    throw new Error(
      `no progress at ${place}: compaction has left empty batches there. Raise \`source.kafka.maxBytesPerPartition\`, ` +
        'so that one fetch reaches past them.',
    );
  };

  const stall = createStallWatch({
    waitMs: fetchWaitMs,
    fetchesMax: 200,
    minMs: 5000,
    now: Date.now,
    onStall: () => void checkStall().catch(context.fail),
  });

  consumer.on(GROUP_JOIN, ({ payload }) => {
    owning = (payload.memberAssignment[topic] ?? []).length > 0;
    // A batch that a rebalance has interrupted is never told to have ended.
    batchesInWork = 0;
  });
  consumer.on(FETCH_START, () => {
    stall.fetchStarted();
    if (!owning || !progress.begun || batchesInWork > 0 || handoff.ended || Date.now() - quietSinceMs < idleCheckMs)
      return;
    quietSinceMs = Date.now();
    void checkPositions().catch(context.fail);
  });
  consumer.on(FETCH, ({ payload }) => stall.fetchEnded(payload.duration));
  consumer.on(START_BATCH_PROCESS, () => {
    stall.batchStarted();
    batchesInWork++;
  });
  consumer.on(END_BATCH_PROCESS, () => {
    batchesInWork--;
    quietSinceMs = Date.now();
  });
}
