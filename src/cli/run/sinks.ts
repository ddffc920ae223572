// The ways out that a configuration names.

import type { Config } from '../../config/schema.ts';
import type { KafkaSinkConfig } from '../../config/source-schema.ts';
import { MillraceError } from '../../errors.ts';
import { createFileSink } from '../../file/file-sink.ts';
import { createStdoutSink } from '../../file/stdout-sink.ts';
import { createKafkaSink } from '../../kafka/kafka-sink.ts';
import type { Sinks } from '../../pipeline/plain-delivery.ts';
import type { Sink } from '../../pipeline/ports.ts';
import { kafkaConnection } from './source.ts';

type SinkConfig = { readonly kafka?: KafkaSinkConfig | undefined; readonly file?: { path: string } | undefined };

/** The sinks of a run, not open yet. Throws MillraceError('config-invalid') where a Kafka output has no brokers to go to. */
export function createSinks(config: Config): Sinks {
  const { predictions, deadLetters } = config;
  return {
    predictions: predictions ? createSink(config, predictions, 'predictions', 'value') : null,
    deadLetters: deadLetters ? createSink(config, deadLetters, 'deadLetters', 'dead-letter') : null,
  };
}

function createSink(config: Config, sink: SinkConfig, key: string, render: 'value' | 'dead-letter'): Sink {
  if (sink.file) {
    return sink.file.path === '-'
      ? createStdoutSink({ render })
      : createFileSink({ path: sink.file.path, format: 'ndjson', render });
  }
  const ownCluster = sink.kafka?.brokers !== undefined;
  const brokers = sink.kafka?.brokers ?? config.source.kafka?.brokers;
  if (!sink.kafka || !brokers)
    throw new MillraceError('config-invalid', `${key}.kafka.brokers: needed, as the source is not Kafka`);
  const connection = kafkaConnection(
    config,
    ownCluster ? { ...sink.kafka, brokers } : { ...sink.kafka, ...config.source.kafka, brokers },
  );
  // A dead letter that its topic is too small for gives up its end rather than stop the run.
  const oversize = render === 'dead-letter' ? 'truncate' : 'fail';
  return createKafkaSink({ connection, topic: sink.kafka.topic, oversize, producer: config.producer });
}
