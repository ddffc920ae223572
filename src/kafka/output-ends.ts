// The writing ends of a run's output topics.

import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './client.ts';
import type { Place } from './place.ts';
import { openTopicEnd, sendBytes, type TopicEnd } from './topic-end.ts';

/** Output topics; null where there is none. */
export interface OutputTopics {
  readonly predictions: string | null;
  readonly deadLetters: string | null;
}

/** The ends of the output topics, and what one send may hold for each partition. */
export interface OutputEnds {
  readonly predictions: TopicEnd | null;
  readonly deadLetters: TopicEnd | null;
  readonly sendBytes: number;
  /** Every partition of them. */
  readonly places: readonly Place[];
}

/** Throws kafka-topic-missing. A dead letter that its topic is too small for gives up its end rather than stop the run. */
export async function openOutputEnds(
  admin: Admin,
  { predictions, deadLetters }: OutputTopics,
  connection: KafkaConnection,
): Promise<OutputEnds> {
  const ends = {
    predictions: predictions === null ? null : await openTopicEnd(admin, predictions, connection, 'fail'),
    deadLetters: deadLetters === null ? null : await openTopicEnd(admin, deadLetters, connection, 'truncate'),
  };
  const open = [ends.predictions, ends.deadLetters].filter((end) => end !== null);
  const places = open.flatMap(({ topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition): Place => ({ topic, partition })),
  );
  return { ...ends, sendBytes: sendBytes(open), places };
}
