// Learns again what the journal lists, in its order.

import { openReplayInput } from '../../kafka/replay-input.ts';
import { createCounters } from '../../pipeline/counters.ts';
import { replayEntries } from '../../pipeline/replay.ts';
import { openFold } from '../run/model-source.ts';
import { kafkaConnection } from '../run/source.ts';
import type { TransactionalTopics } from '../run/transactional-topics.ts';
import type { Relearnt, VerifyContext } from './context.ts';

/** Replays up to where the newest checkpoint stands (without one: to the journal's end) or to the first difference. */
export async function relearnFromJournal(context: VerifyContext, topics: TransactionalTopics): Promise<Relearnt> {
  const { config, format, start, target, signal } = context;
  const fold = openFold(config, format, start, { counters: createCounters() });
  const input = await openReplayInput({
    connection: kafkaConnection(config, topics.kafka),
    topic: topics.kafka.topic,
    topicId: context.source.identity?.id ?? null,
    journalTopic: topics.journal,
    journalFrom: start?.meta.marks.journal ?? 'beginning',
    positions: fold.positions,
    maxBytesPerPartition: topics.kafka.maxBytesPerPartition,
  });
  const end = target?.meta.marks.journal ?? Number.POSITIVE_INFINITY;
  let entries = 0;
  let afterStep = fold.standing().modelVersion;
  try {
    if (input.journalNext >= end) return { fold, entries, firstDifference: null };
    for await (const { entry, isSame } of replayEntries(fold, input)) {
      entries++;
      const { offset, modelVersion } = entry;
      if (!isSame) {
        return { fold, entries, firstDifference: { afterStep, upToStep: modelVersion, journalOffset: offset } };
      }
      afterStep = modelVersion;
      if (offset + 1 >= end || signal.aborted) break;
    }
    return { fold, entries, firstDifference: null };
  } finally {
    await input.close();
  }
}
