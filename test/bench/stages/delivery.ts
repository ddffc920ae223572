// The delivery of a run that writes exactly once.

import { createMissingTopics } from '../../../src/kafka/produce.ts';
import {
  openTransactionalDelivery,
  type TransactionalDelivery,
  type TransactionalDeliveryOptions,
} from '../../../src/kafka/transactional-delivery.ts';

export const partitions = 4;
export const commitEveryMs = 100;

export interface Place {
  readonly brokers: string[];
  /** The topic that the offsets are of. */
  readonly input: string;
}

/** Opens a delivery to topics of its own, for the group `name`. */
export async function openDelivery(
  { brokers, input }: Place,
  name: string,
  more: Pick<TransactionalDeliveryOptions, 'onStage'> = {},
): Promise<TransactionalDelivery> {
  const connection = { brokers };
  await createMissingTopics(connection, [`${name}-out`], partitions);
  return openTransactionalDelivery({
    connection,
    input: { topic: input, topicId: null, groupId: name },
    outputs: { predictions: `${name}-out`, deadLetters: null },
    journalTopic: `${name}-journal`,
    transactionalId: name,
    timeoutMs: 60_000,
    producer: 'wire',
    ...more,
  });
}
