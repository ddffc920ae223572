// `millrace produce`: fills the configuration's Kafka topic from a file or a synthetic stream.

import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import { createMissingTopics, produceRecords } from '../../kafka/produce.ts';
import type { CommonOptions } from '../common-options.ts';
import { printResult, say } from '../console.ts';
import { type ProduceInput, produceBatches } from '../produce/batches.ts';
import { listenForShutdown } from '../run/shutdown.ts';
import { kafkaConnection } from '../run/source.ts';

/** The options of `millrace produce`. */
export interface ProduceOptions extends CommonOptions, ProduceInput {
  /** Creates what is missing of the configuration's topics, with so many partitions. */
  readonly createTopics?: number;
}

/** Sends the records and tells how many. Throws MillraceError. */
export async function produce(options: ProduceOptions): Promise<void> {
  const config = loadConfig({ file: options.config, set: options.set, environment: process.env });
  const { kafka } = config.source;
  if (!kafka)
    throw new MillraceError(
      'usage-invalid',
      `millrace produce fills source.kafka.topic, but ${options.config} has none`,
    );
  const connection = kafkaConnection(config, kafka);
  if (options.createTopics !== undefined) {
    const created = await createMissingTopics(connection, topicsOf(config), options.createTopics);
    if (created.length > 0) say(`created topic ${created.join(', ')}`);
  }
  const shutdown = listenForShutdown();
  try {
    const { topic } = kafka;
    const result = await produceRecords(
      { connection, topic, producer: config.producer },
      produceBatches(config, options, shutdown.signal),
    );
    const rate = Math.round(result.records / Math.max(result.seconds, 1e-3));
    if (options.json) printResult({ topic, ...result });
    else say(`${result.records} records to topic ${topic} in ${result.seconds.toFixed(1)} s (${rate}/s)`);
  } finally {
    shutdown.stop();
  }
}

/** The topics of one cluster that a run of the configuration needs. */
function topicsOf({ source, predictions, deadLetters }: Config): string[] {
  const outputs = [predictions?.kafka, deadLetters?.kafka].filter((sink) => sink !== undefined && !sink.brokers);
  return [source.kafka, ...outputs].flatMap((end) => (end ? [end.topic] : []));
}
