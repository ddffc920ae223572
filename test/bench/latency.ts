// `bench -- latency [--rate N] [--seconds N]`: a steady stream of records, exactly once: the time from a record's timestamp
// to its prediction being readable by a consumer with read_committed. Needs Java and Maven.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { projectRoot } from '../tooling/source-files.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { nodeOptions, printFigures } from './run-millrace.ts';
import { quantile } from './statistics.ts';

const everyMs = 100;
/** What is not counted: everything starts up. */
const warmUpShare = 0.2;

/** Runs the bench; about half a minute. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const rate = numberOption(rest, '--rate', 20_000);
  const samples = rate * numberOption(rest, '--seconds', 15);
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-latency-'));
  try {
    const { brokers } = cluster;
    const config = await writeConfig(folder, brokers);
    await createMissingTopics({ brokers }, ['in', 'out'], 4);
    const child = millrace('run', '-c', config);
    const latencies = await readLatencies(brokers, samples, () =>
      millrace(
        'produce',
        '-c',
        config,
        '--synthetic',
        'hyperplane',
        '--samples',
        String(samples),
        '--rate',
        String(rate),
      ),
    );
    child.kill('SIGTERM');
    await once(child, 'exit');
    const sorted = latencies.slice(Math.floor(warmUpShare * latencies.length)).toSorted((a, b) => a - b);
    printFigures(json, {
      bench: 'latency',
      ...{ rate, samples: sorted.length, commitEveryMs: everyMs },
      ...{ p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), maxMs: sorted[sorted.length - 1] },
    });
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function millrace(...args: string[]) {
  return spawn(process.execPath, [...nodeOptions, join(projectRoot, 'src/cli/main.ts'), ...args], { stdio: 'ignore' });
}

async function writeConfig(folder: string, brokers: readonly string[]): Promise<string> {
  const path = join(folder, 'latency.yaml');
  const lines = [
    'name: latency',
    `source: { kafka: { brokers: "${brokers.join(',')}", topic: in } }`,
    'predictions: { kafka: { topic: out } }',
    'schema: { target: { from: label, type: binary } }',
    'model: { hidden: 32, rehearsal: false }',
    `commit: { everyMs: ${everyMs} }`,
    `checkpoint: { dir: "${join(folder, 'checkpoints')}" }`,
    'http: false',
  ];
  await writeFile(path, lines.join('\n'));
  return path;
}

/** Latencies in milliseconds, in the order of reading, of `count` predictions; `begin` starts the producer. */
async function readLatencies(brokers: string[], count: number, begin: () => void): Promise<number[]> {
  const consumer = createKafkaTool(brokers).kafka.consumer({ groupId: 'latency-reader', maxWaitTimeInMs: 5 });
  const latencies: number[] = [];
  const all = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic: 'out', fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const now = Date.now();
      for (const { timestamp } of batch.messages) latencies.push(now - Number(timestamp));
      if (latencies.length >= count) all.resolve();
    },
  });
  begin();
  await all.promise;
  await consumer.disconnect();
  return latencies;
}
