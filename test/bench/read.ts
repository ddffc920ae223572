// `bench -- read [--records N]`: a Kafka topic of 4 partitions through the source, with each consumer: records a second, and
// the processor time that reading took. The best of three turns each, interleaved. Needs Java and Maven.

import { createKafkaSource } from '../../src/kafka/kafka-source.ts';
import { createMissingTopics, produceRecords } from '../../src/kafka/produce.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { claimedChunks } from '../support/claimed-chunks.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { printFigures } from './run-millrace.ts';
import { createSamples } from './stream/samples.ts';

const topic = 'read';
const turns = 3;
const consumers = ['wire', 'kafkajs'] as const;

/** What it takes. */
export const options = ['--records N'];

/** Runs the bench; about half a minute. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 1_000_000);
  const cluster = await startProcessCluster();
  try {
    const connection = { brokers: cluster.brokers };
    await createMissingTopics(connection, [topic], 4);
    await produceRecords({ connection, topic }, batches(records));
    const best = {
      wire: { seconds: Number.POSITIVE_INFINITY, cpuSeconds: Number.POSITIVE_INFINITY },
      kafkajs: { seconds: Number.POSITIVE_INFINITY, cpuSeconds: Number.POSITIVE_INFINITY },
    };
    for (let turn = 0; turn < turns; turn++) {
      for (const consumer of consumers) {
        const { seconds, cpuSeconds } = await readAll(connection.brokers, consumer, records);
        best[consumer].seconds = Math.min(best[consumer].seconds, seconds);
        best[consumer].cpuSeconds = Math.min(best[consumer].cpuSeconds, cpuSeconds);
      }
    }
    for (const consumer of consumers) {
      const { seconds, cpuSeconds } = best[consumer];
      printFigures(json, { bench: 'read', consumer, records, rate: Math.round(records / seconds), cpuSeconds });
    }
  } finally {
    await cluster.stop();
  }
}

async function readAll(brokers: string[], consumer: 'wire' | 'kafkajs', wanted: number) {
  const groupId = `read-${consumer}`;
  const source = createKafkaSource({ connection: { brokers }, topic, groupId, consumer, stopAtEnd: true });
  await source.open();
  let cpuBefore = process.cpuUsage();
  let startedMs = performance.now();
  let found = 0;
  for await (const { records } of claimedChunks(source, new Map(), new AbortController().signal)) {
    // Joining the group is not reading.
    if (found === 0) {
      cpuBefore = process.cpuUsage();
      startedMs = performance.now();
    }
    found += records.length;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  await source.close();
  if (found !== wanted) throw new Error(`${consumer}: ${found} records of ${wanted}`);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

async function* batches(records: number): AsyncGenerator<OutputRecord[]> {
  const next = createSamples(10);
  for (let made = 0; made < records; made += 1000) {
    yield Array.from({ length: Math.min(1000, records - made) }, () => {
      const { values, label } = next();
      const value = Buffer.from(`{"features":[${values}],"label":${label}}`);
      return { key: null, value, headers: [], timestampMs: Date.now(), partition: null };
    });
  }
}
