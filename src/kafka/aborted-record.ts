// Whether what was once written to a topic was taken back.

import { createKafkaClient, type KafkaConnection } from './client.ts';
import { withRangeReader } from './range-reader.ts';
import { partitionCount, watermarks, withAdmin } from './topics.ts';

/**
 * Whether the record at an offset of a topic's only partition is of a transaction that was aborted. False where there is no
 * such record, or none that readers with read_committed can have got to. Throws MillraceError, kafka-topic-missing among them.
 */
export async function isAborted(connection: KafkaConnection, topic: string, offset: number): Promise<boolean> {
  const held = await withAdmin(createKafkaClient(connection), connection, async (admin) => {
    // Asked for by name first: a missing topic is told by its name, and at once.
    await partitionCount(admin, topic, connection);
    return watermarks(admin, topic);
  });
  const { earliest, latest } = held.get(0) ?? { earliest: 0, latest: 0 };
  if (offset < earliest || offset >= latest) return false;
  const isSeen = async (isolation: 'read_committed' | 'read_uncommitted') => {
    const start = new Map([[0, offset]]);
    const what = { connection, topic: { name: topic, id: null }, start, isolation };
    const chunk = await withRangeReader(what, (reader) => reader.next(0, offset));
    return chunk !== null && chunk.records.length > 0 && chunk.records.offset(0) === offset;
  };
  return !(await isSeen('read_committed')) && (await isSeen('read_uncommitted'));
}
