// Millrace's delivery as a contender, through either of its producers, as a run has it. For kafkajs that is at most 500 records
// for each partition in a call, as its time for a call grows with their square, one call at a time, as idempotence wants, and
// tries again after 5 ms.

import { openTransactionalDelivery } from '../../../src/kafka/transactional-delivery.ts';
import { input } from './pieces.ts';
import type { Place, Writer } from './writer.ts';

/** Opens it; the place is a new one, so there is nothing to recover. */
export async function openDelivery({ brokers, name, output }: Place, producer: 'wire' | 'kafkajs'): Promise<Writer> {
  const delivery = await openTransactionalDelivery({
    connection: { brokers },
    input: { topic: input, topicId: null, groupId: name },
    outputs: { predictions: output, deadLetters: null },
    journalTopic: `${name}-journal`,
    transactionalId: name,
    timeoutMs: 30_000,
    producer,
  });
  return {
    write: ({ predictions }) => delivery.write({ predictions, deadLetters: [] }),
    commit: (boundary) => delivery.commit(boundary),
    close: () => delivery.close(),
  };
}
