// The way in that a configuration names.

import type { KafkaSaslConfig, KafkaTlsConfig } from '../../config/kafka-security-schema.ts';
import { schemaSpec } from '../../config/resolve.ts';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import { createFileSource } from '../../file/file-source.ts';
import type { KafkaConnection } from '../../kafka/client.ts';
import { createKafkaSource } from '../../kafka/kafka-source.ts';
import type { OnLost } from '../../kafka/progress.ts';
import type { Source } from '../../pipeline/ports.ts';
import { createSyntheticSource } from '../../synthetic/synthetic-source.ts';
import { say } from '../console.ts';
import type { Acceptance } from './attempt.ts';
import { formatOf, framingOf } from './format.ts';
import { readTls, saslOf } from './kafka-security.ts';

/** What the command line says about where a run ends. */
export interface RunEnd {
  readonly stopAtEnd: boolean;
  readonly samples: number | null;
}

/** The source of a configuration, not yet open. */
export function createSource(config: Config, end: RunEnd, accepted: ReadonlySet<Acceptance> = new Set()): Source {
  const { kafka, file, synthetic } = config.source;
  if (file) return fileSource(config, file);
  if (kafka) return kafkaSource(config, kafka, end, accepted);
  if (synthetic) return createSyntheticSource(paced(synthetic, end));
  throw new MillraceError('config-invalid', 'source: needs exactly one of kafka, file, synthetic');
}

function fileSource(config: Config, file: NonNullable<Config['source']['file']>): Source {
  const { maxRecordBytes } = config.source;
  const format = file.format ?? formatOf(file.path);
  return createFileSource({ ...file, format: framingOf(format, schemaSpec(config)), maxRecordBytes });
}

/** A run that is told to end goes at full speed; an endless one keeps its pace. */
function paced(synthetic: NonNullable<Config['source']['synthetic']>, { stopAtEnd, samples }: RunEnd) {
  if (stopAtEnd && synthetic.samples === undefined && samples === null)
    throw new MillraceError(
      'usage-invalid',
      '--stop-at-end: this synthetic stream has no end; set source.synthetic.samples, or use --samples N',
    );
  if (!stopAtEnd && samples === null) return synthetic;
  const { samplesPerSecond: _, ...unpaced } = synthetic;
  return unpaced;
}

/** What hears of lost records where their loss was accepted. */
export function onLost(accepted: ReadonlySet<Acceptance>): OnLost | undefined {
  if (!accepted.has('lost-records')) return undefined;
  return (partition, from, to) => say(`partition ${partition}: offsets ${from} to ${to - 1} are lost, and not learnt`);
}

function kafkaSource(
  config: Config,
  kafka: NonNullable<Config['source']['kafka']>,
  end: RunEnd,
  accepted: ReadonlySet<Acceptance>,
): Source {
  const { topic, groupId = config.name, maxBytesPerPartition, sessionTimeoutMs } = kafka;
  const connection = kafkaConnection(config, kafka);
  const lost = onLost(accepted);
  return createKafkaSource({
    ...{ connection, topic, groupId, maxBytesPerPartition, sessionTimeoutMs },
    stopAtEnd: end.stopAtEnd,
    consumer: config.consumer,
    ...(lost ? { onLost: lost } : {}),
  });
}

/** What source and sinks tell of how to reach a cluster. */
interface KafkaKeys {
  readonly brokers: readonly string[];
  readonly clientId?: string | undefined;
  readonly retries: number;
  readonly tls?: KafkaTlsConfig | undefined;
  readonly sasl?: KafkaSaslConfig | undefined;
}

/** The connection that a part of the configuration asks for; what the client has to tell becomes a log line. */
export function kafkaConnection(
  config: Config,
  { brokers, clientId = config.name, retries, tls, sasl }: KafkaKeys,
): KafkaConnection {
  return {
    brokers,
    clientId,
    ...(tls ? { tls: readTls(tls) } : {}),
    ...(sasl ? { sasl: saslOf(sasl) } : {}),
    retry: { retries, initialMs: 200, maxMs: 2000 },
    onLog: (level, message) => say(`kafka: ${level}: ${message}`),
  };
}
