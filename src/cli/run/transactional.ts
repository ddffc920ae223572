// The one recovery path of an exactly-once run: wait for the partitions, shut out every older instance, learn again in
// silence what the journal lists since the newest sound checkpoint, and only then go live.

import { setTimeout as sleep } from 'node:timers/promises';
import { MillraceError, messageOf } from '../../errors.ts';
import type { KafkaConnection } from '../../kafka/client.ts';
import { openTransactionalDelivery, type TransactionalDelivery } from '../../kafka/transactional-delivery.ts';
import type { Positions } from '../../sample/record.ts';
import { say } from '../console.ts';
import { type AttemptContext, defaultCheckpoint, type Ready } from './attempt.ts';
import { type Follower, openFollower } from './follower.ts';
import { kafkaConnection } from './source.ts';
import type { TransactionalTopics } from './transactional-topics.ts';

/** How often a standby looks for news in the journal. */
const followMs = 500;

/** null where `signal` aborts on the way. Throws MillraceError; nothing stays open then. */
export async function openTransactional(
  context: AttemptContext,
  topics: TransactionalTopics,
  signal: AbortSignal,
): Promise<Ready | null> {
  const connection = kafkaConnection(context.config, topics.kafka);
  const standby = createStandby(context, topics, connection);
  let follower: Follower | null = null;
  let delivery: TransactionalDelivery | null = null;
  const close = async () => {
    await follower?.close();
    await delivery?.close();
  };
  try {
    const claimed = await context.source.claim(signal, standby.start);
    follower = await standby.stop();
    if (!claimed) return await close().then(() => null);
    context.setPhase('replaying');
    await context.store?.open();
    delivery = await openTransactionalDelivery({
      connection,
      input: { topic: topics.kafka.topic, topicId: context.source.identity?.id ?? null, groupId: topics.groupId },
      outputs: topics.outputs,
      journalTopic: topics.journal,
      transactionalId: `millrace-${topics.groupId}`,
      timeoutMs: context.config.commit.timeoutMs,
      producer: context.config.producer,
      ...context.hooks,
    });
    follower ??= await openFollower(context, topics, connection);
    context.replayed.total = context.replayed.done + distance(follower.fold.positions, delivery.committed);
    const learnt = await follower.catchUp(signal);
    if (learnt > 0) say(`learnt ${learnt} records again, up to model version ${follower.fold.standing().modelVersion}`);
    if (signal.aborted) return await close().then(() => null);
    requireCommitted(follower.fold.positions, delivery.committed, context);
    await follower.close();
    return await goLive(context, follower, delivery);
  } catch (error) {
    await close();
    throw error;
  }
}

async function goLive(context: AttemptContext, follower: Follower, delivery: TransactionalDelivery): Promise<Ready> {
  const { config } = context;
  const { fold, recovered, journalNext } = follower;
  const { everySamples, everyMs } = config.checkpoint || defaultCheckpoint;
  const before = recovered?.meta.counts ?? null;
  if (recovered && (recovered.meta.marks.journal === null || context.accepted.size > 0)) {
    // What was accepted, or that the journal counts from now on, is to be known to the next start too.
    const snapshot = fold.snapshot();
    if (snapshot) await context.save(snapshot, { predictions: null, deadLetters: null, journal: journalNext }, before);
  }
  return {
    fold,
    delivery: context.transactions.count(delivery),
    commitEvery: { samples: config.commit.everyRecords, ms: config.commit.everyMs },
    checkpointEvery: { samples: everySamples, ms: everyMs },
    // The offsets are in the transactions.
    acknowledge: null,
    before,
    close: () => delivery.close(),
  };
}

/** Follows the owner while another process is it. */
function createStandby(context: AttemptContext, topics: TransactionalTopics, connection: KafkaConnection) {
  const stopped = new AbortController();
  let following: Promise<Follower | null> = Promise.resolve(null);
  async function follow(): Promise<Follower | null> {
    let follower: Follower | null = null;
    let told = '';
    let isFollowing = false;
    while (!stopped.signal.aborted) {
      try {
        follower ??= await openFollower(context, topics, connection);
        const learnt = await follower.catchUp(stopped.signal);
        if (!isFollowing)
          say(
            `following the journal, from model version ${follower.fold.standing().modelVersion} on (${learnt} records)`,
          );
        isFollowing = true;
      } catch (error) {
        // Whatever it is, taking over runs into it again, and then it counts.
        const message = messageOf(error);
        if (message !== told) say(`standing by: cannot follow the journal (${message})`);
        told = message;
        await follower?.close();
        follower = null;
      }
      await sleep(followMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
    return follower;
  }
  let started = false;
  return {
    start() {
      if (started) return;
      started = true;
      context.setPhase('standby');
      say(`standing by: another instance reads topic '${topics.kafka.topic}' in group '${topics.groupId}'`);
      following = follow();
    },
    stop() {
      stopped.abort();
      return following;
    },
  };
}

/** Offsets between two sets of positions: about the records that are to be replayed. */
function distance(from: Positions, to: Positions): number {
  return [...to].reduce((sum, [partition, offset]) => sum + offset - (from.get(partition) ?? 0), 0);
}

/** Throws offsets-differ unless the group's committed offsets are those that the journal leads to. */
function requireCommitted(positions: Positions, committed: Positions, { accepted }: AttemptContext): void {
  const partitions = [...new Set([...positions.keys(), ...committed.keys()])].sort((a, b) => a - b);
  const differing = partitions.filter((partition) => positions.get(partition) !== committed.get(partition));
  if (differing.length === 0 || accepted.has('moved-offsets')) return;
  const list = differing.map(
    (partition) =>
      `partition ${partition}: the group has ${committed.get(partition) ?? 'none'}, the model ${positions.get(partition) ?? 'none'}`,
  );
  throw new MillraceError(
    'offsets-differ',
    `the group's committed offsets are not those that checkpoint and journal lead to (${list.join('; ')}). ` +
      "To go on from the model's, in which nothing is lost or learnt twice, start once with `--accept moved-offsets`; to " +
      'learn from the beginning, use another `name`',
  );
}
