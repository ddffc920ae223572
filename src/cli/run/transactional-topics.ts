// Whether a configuration can be run exactly once in transactions, and the topics that it then takes.

import type { Config } from '../../config/schema.ts';
import type { OutputTopics } from '../../kafka/output-ends.ts';

type KafkaSourceConfig = NonNullable<Config['source']['kafka']>;

/** The topics of a run in transactions. */
export interface TransactionalTopics {
  readonly kafka: KafkaSourceConfig;
  readonly groupId: string;
  readonly outputs: OutputTopics;
  readonly journal: string;
}

/** null where the run is not one from Kafka to the same Kafka, or is wanted at least once. */
export function transactionalTopics(config: Config): TransactionalTopics | null {
  const { source, predictions, deadLetters, delivery, name, journal } = config;
  const { kafka } = source;
  const outputs = [predictions, deadLetters].filter((output) => output !== undefined);
  const within = outputs.every((output) => output.kafka !== undefined && output.kafka.brokers === undefined);
  if (!kafka || !within || delivery === 'at-least-once') return null;
  return {
    kafka,
    groupId: kafka.groupId ?? name,
    outputs: { predictions: predictions?.kafka?.topic ?? null, deadLetters: deadLetters?.kafka?.topic ?? null },
    journal: journal.topic ?? `${name}-journal`,
  };
}
