// Listens to what the group's consumer tells of itself: joins and crashes. Whoever owned the partitions and finds them
// with another member stops for good.

import { MillraceError } from '../errors.ts';
import type { Fetching } from './fetching.ts';
import type { ReadContext } from './read-context.ts';

/** Watches the context's consumer; `owns` hears after each join which partitions this member has. */
export function watchConsumer(
  context: ReadContext,
  fetching: Fetching,
  owns: (partitions: readonly number[]) => void,
): void {
  const { consumer, topic } = context;
  const { GROUP_JOIN, CRASH } = consumer.events;

  // Sent before the first fetch after a join, so that none starts at the group's offsets.
  let owned = false;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    const partitions = payload.memberAssignment[topic] ?? [];
    if (owned && partitions.length === 0) return context.fail(takenOver(context.groupId));
    owned = partitions.length > 0;
    fetching.joined(partitions);
    owns(partitions);
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
