// Listens to what the consumer tells of itself: joins, batches without a record, crashes. At each of them kafkajs alone
// would lose the position or hang. Whoever owned the partitions and finds them with another member stops for good.

import { MillraceError } from '../errors.ts';
import { requireNext } from './deliver.ts';
import { endIfDone, type ReadContext } from './read-context.ts';

/** Watches the context's consumer; `owns` hears after each join which partitions this member has. */
export function watchConsumer(context: ReadContext, owns: (partitions: readonly number[]) => void): void {
  const { consumer, topic, progress, handoff } = context;
  const { GROUP_JOIN, START_BATCH_PROCESS, CRASH } = consumer.events;

  // Sent before the first fetch after a join, so that none starts at the group's offsets.
  let owned = false;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    const partitions = payload.memberAssignment[topic] ?? [];
    if (owned && partitions.length === 0) return context.fail(takenOver(context.groupId));
    owned = partitions.length > 0;
    for (const partition of partitions) {
      consumer.seek({ topic, partition, offset: String(progress.next(partition)) });
    }
    const held = handoff.ended || !progress.begun ? partitions : partitions.filter(progress.done);
    if (held.length > 0) consumer.pause([{ topic, partitions: held }]);
    owns(partitions);
  });

  // Control records and aborted transactions never reach the batch handler, but the position moves past them.
  const skip = async (partition: number, first: string | null, last: string) => {
    if (first !== null && Number(first) > progress.next(partition)) await requireNext(context, partition);
    progress.advance(partition, Number(last) + 1);
    if (progress.done(partition)) consumer.pause([{ topic, partitions: [partition] }]);
    endIfDone(context);
  };

  consumer.on(START_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize > 0 || handoff.ended) return;
    skip(payload.partition, payload.firstOffset, payload.lastOffset).catch(context.fail);
  });

  consumer.on(CRASH, ({ payload }) => {
    if (!payload.restart) context.fail(payload.error);
  });
}

function takenOver(groupId: string): MillraceError {
  return new MillraceError(
    'fenced',
    `another member of group '${groupId}' has taken the partitions over: this process was not heard of for longer than ` +
      '`source.kafka.sessionTimeoutMs`. It publishes nothing more',
  );
}
