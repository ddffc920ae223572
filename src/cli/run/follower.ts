// A model that follows the journal in silence: what a standby keeps warm, and what recovery finishes.

import type { KafkaConnection } from '../../kafka/client.ts';
import { openReplayInput } from '../../kafka/replay-input.ts';
import type { Fold } from '../../pipeline/fold.ts';
import { replay } from '../../pipeline/replay.ts';
import { say } from '../console.ts';
import type { AttemptContext } from './attempt.ts';
import { newestCommitted } from './committed-checkpoint.ts';
import { openFold, type Recovered, restore } from './model-source.ts';
import { onLost } from './source.ts';
import type { TransactionalTopics } from './transactional-topics.ts';

export interface Follower {
  readonly fold: Fold;
  /** The checkpoint that it began with; null where it began with nothing. */
  readonly recovered: Recovered | null;
  /** The journal's next entry. */
  readonly journalNext: number;
  /** Learns all that the journal lists by now; stops between two entries once `signal` aborts. Gives how many records. */
  catchUp(signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

/**
 * Loads the newest sound checkpoint. Outcomes are counted anew from there: a follower before that was let go of may have
 * learnt the same records. Throws MillraceError.
 */
export async function openFollower(
  context: AttemptContext,
  topics: TransactionalTopics,
  connection: KafkaConnection,
): Promise<Follower> {
  const { config, format, store, counters, replayed } = context;
  const found = store && (await newestCommitted(store, topics.journal, connection));
  const recovered = found && restore(config, found, context);
  counters.beginOutcomes();
  const fold = openFold(config, format, recovered, context);
  const input = await openReplayInput({
    connection,
    topic: topics.kafka.topic,
    topicId: context.source.identity?.id ?? null,
    journalTopic: topics.journal,
    journalFrom: journalStart(recovered),
    positions: fold.positions,
    maxBytesPerPartition: topics.kafka.maxBytesPerPartition,
    onLost: onLost(context.accepted),
  });
  if (recovered)
    say(`checkpoint ${recovered.path}: ${fold.sequence} records, model version ${recovered.meta.modelVersion}`);
  return {
    fold,
    recovered,
    get journalNext() {
      return input.journalNext;
    },
    async catchUp(signal) {
      await input.refresh();
      const before = fold.sequence;
      await replay(fold, input, signal, () => {
        replayed.done = counters.replayed;
      });
      return fold.sequence - before;
    },
    close: () => input.close(),
  };
}

/** A checkpoint of a run without a journal, or of a topic that is gone, has nothing to do with what the journal holds. */
function journalStart(recovered: Recovered | null): number | 'beginning' | 'end' {
  if (!recovered) return 'beginning';
  return (recovered.isSameInput ? recovered.meta.marks.journal : null) ?? 'end';
}
