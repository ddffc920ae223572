// `bench -- latency [--rate N] [--seconds N] [--rounds N]`: a steady stream of records, exactly once: the time from a record's
// timestamp to its prediction being readable by a consumer with read_committed; medians of the rounds. Needs Java and Maven.

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
import { median, quantile } from './statistics.ts';

const everyMs = 100;
/** What is not counted: everything starts up. */
const warmUpShare = 0.2;

/** What a round found, in milliseconds. */
interface Latencies {
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What it takes. */
export const options = ['--rate N', '--seconds N', '--rounds N'];

/** Runs the bench; about half a minute a round. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const rate = numberOption(rest, '--rate', 20_000);
  const samples = rate * numberOption(rest, '--seconds', 15);
  const rounds = numberOption(rest, '--rounds', 3);
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-latency-'));
  const found: Latencies[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const place = { folder, brokers: cluster.brokers, name: `latency-${round}` };
      const latencies = await measure(place, samples, rate);
      if (!json) console.error(`round ${round + 1}: p50 ${latencies.p50} ms, p99 ${latencies.p99} ms`);
      found.push(latencies);
    }
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const middle = (of: 'p50' | 'p99') => median(found.map((latencies) => latencies[of]));
  printFigures(json, {
    bench: 'latency',
    ...{ rate, samples: found[0].samples, rounds, commitEveryMs: everyMs },
    ...{ p50Ms: middle('p50'), p99Ms: middle('p99'), maxMs: Math.max(...found.map(({ max }) => max)) },
  });
}

interface Place {
  readonly folder: string;
  readonly brokers: string[];
  readonly name: string;
}

/** One round: topics, a run and a producer of its own. */
async function measure(place: Place, samples: number, rate: number): Promise<Latencies> {
  const { brokers, name } = place;
  const config = await writeConfig(place);
  await createMissingTopics({ brokers }, [`${name}-in`, `${name}-out`], 4);
  const child = millrace('run', '-c', config);
  const rated = ['--samples', String(samples), '--rate', String(rate)];
  const latencies = await readLatencies(place, samples, () =>
    millrace('produce', '-c', config, '--synthetic', 'hyperplane', ...rated),
  );
  child.kill('SIGTERM');
  await once(child, 'exit');
  const sorted = latencies.slice(Math.floor(warmUpShare * latencies.length)).toSorted((a, b) => a - b);
  return {
    samples: sorted.length,
    ...{ p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted[sorted.length - 1] },
  };
}

function millrace(...args: string[]) {
  return spawn(process.execPath, [...nodeOptions, join(projectRoot, 'src/cli/main.ts'), ...args], { stdio: 'ignore' });
}

async function writeConfig({ folder, brokers, name }: Place): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  const lines = [
    `name: ${name}`,
    `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${name}-in } }`,
    `predictions: { kafka: { topic: ${name}-out } }`,
    'schema: { target: { from: label, type: binary } }',
    'model: { hidden: 32, rehearsal: false }',
    `commit: { everyMs: ${everyMs} }`,
    `checkpoint: { dir: "${join(folder, name)}" }`,
    'http: false',
  ];
  await writeFile(path, lines.join('\n'));
  return path;
}

/** Latencies in milliseconds, in the order of reading, of `count` predictions; `begin` starts the producer. */
async function readLatencies({ brokers, name }: Place, count: number, begin: () => void): Promise<number[]> {
  const consumer = createKafkaTool(brokers).kafka.consumer({ groupId: `${name}-reader`, maxWaitTimeInMs: 5 });
  const latencies: number[] = [];
  const all = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic: `${name}-out`, fromBeginning: true });
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
