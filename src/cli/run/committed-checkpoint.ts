// The checkpoint that a run in transactions stands on.

import { parseCheckpointMeta } from '../../checkpoint/checkpoint.ts';
import { isAborted } from '../../kafka/aborted-record.ts';
import type { KafkaConnection } from '../../kafka/client.ts';
import type { CheckpointStore, LoadedCheckpoint } from '../../pipeline/ports.ts';
import { newestCheckpoint } from './attempt.ts';

/** The newest sound checkpoint of a commit that Kafka has kept; null where there is none. Throws MillraceError. */
export function newestCommitted(
  store: CheckpointStore,
  journalTopic: string,
  connection: KafkaConnection,
): Promise<LoadedCheckpoint | null> {
  return newestCheckpoint(store, (found) => lostCommit(found, journalTopic, connection));
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
