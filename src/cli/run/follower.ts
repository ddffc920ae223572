// A model that follows the journal in silence: what a standby keeps warm, and what recovery finishes.

import { parseCheckpointMeta } from '../../checkpoint/checkpoint.ts';
import { isAborted } from '../../kafka/aborted-record.ts';
import type { KafkaConnection } from '../../kafka/client.ts';
import { openReplayInput } from '../../kafka/replay-input.ts';
import type { Fold } from '../../pipeline/fold.ts';
import type { LoadedCheckpoint } from '../../pipeline/ports.ts';
import { replay } from '../../pipeline/replay.ts';
import { say } from '../console.ts';
import { type AttemptContext, newestCheckpoint } from './attempt.ts';
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
  const found = store && (await newestCheckpoint(store, (one) => lostCommit(one, topics.journal, connection)));
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

/**
 * Says so where Kafka has taken back the commit that a checkpoint is of. A broker that dies between its word for a commit and
 * the commit's markers can do that; the samples are learnt again, from the checkpoint before.
 */
async function lostCommit(
  { meta, path }: LoadedCheckpoint,
  journalTopic: string,
  connection: KafkaConnection,
): Promise<string | null> {
  const { journal } = parseCheckpointMeta(meta, path).marks;
  if (!journal || !(await isAborted(connection, journalTopic, journal - 1))) return null;
  return `is of a commit that Kafka has lost, at offset ${journal - 1} of topic '${journalTopic}'`;
}

/** A checkpoint of a run without a journal, or of a topic that is gone, has nothing to do with what the journal holds. */
function journalStart(recovered: Recovered | null): number | 'beginning' | 'end' {
  if (!recovered) return 'beginning';
  return (recovered.isSameInput ? recovered.meta.marks.journal : null) ?? 'end';
}
