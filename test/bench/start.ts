// `bench -- start`: from the start of the process to the first prediction: of a synthetic stream on standard output, and of
// a topic that has records, read back by another consumer. The median of five.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { projectRoot } from '../tooling/source-files.ts';
import type { BenchOptions } from './options.ts';
import { nodeOptions, printFigures } from './run-millrace.ts';
import { median } from './statistics.ts';
import { fill } from './stream/fill.ts';

const turns = 5;

/** Runs the bench; about half a minute. */
export async function run({ json }: BenchOptions): Promise<void> {
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-start-'));
  try {
    const synthetic: number[] = [];
    const kafka: number[] = [];
    for (let turn = 0; turn < turns; turn++) {
      synthetic.push(await syntheticMs(folder));
      kafka.push(await kafkaMs(folder, cluster.brokers));
    }
    const figures = { syntheticMs: Math.round(median(synthetic)), kafkaMs: Math.round(median(kafka)) };
    printFigures(json, { bench: 'start', turns, ...figures });
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function start(config: string) {
  const main = join(projectRoot, 'src/cli/main.ts');
  return spawn(process.execPath, [...nodeOptions, main, 'run', '-c', config], { stdio: ['ignore', 'pipe', 'ignore'] });
}

async function syntheticMs(folder: string): Promise<number> {
  const config = join(folder, 'synthetic.yaml');
  const lines = [
    'source: { synthetic: { stream: hyperplane, samplesPerSecond: 1000 } }',
    'schema: { target: { from: label, type: binary } }',
    'predictions: { file: { path: "-" } }',
    'http: false',
  ];
  await writeFile(config, lines.join('\n'));
  const startedMs = performance.now();
  const child = start(config);
  await once(child.stdout, 'data');
  const tookMs = performance.now() - startedMs;
  child.kill('SIGKILL');
  return tookMs;
}

async function kafkaMs(folder: string, brokers: string[]): Promise<number> {
  const name = `start-${randomUUID().slice(0, 8)}`;
  const config = join(folder, `${name}.yaml`);
  const lines = [
    `name: ${name}`,
    `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${name}-in } }`,
    `predictions: { kafka: { topic: ${name}-out } }`,
    'schema: { target: { from: label, type: binary } }',
    `checkpoint: { dir: "${join(folder, name)}" }`,
    'http: false',
  ];
  await writeFile(config, lines.join('\n'));
  await createMissingTopics({ brokers }, [`${name}-in`, `${name}-out`], 1);
  await fill(brokers, `${name}-in`, 1000);
  const consumer = createKafkaTool(brokers).kafka.consumer({ groupId: name + randomUUID(), maxWaitTimeInMs: 20 });
  await consumer.connect();
  await consumer.subscribe({ topic: `${name}-out`, fromBeginning: true });
  const first = Promise.withResolvers<void>();
  await consumer.run({ eachMessage: async () => first.resolve() });
  const startedMs = performance.now();
  const child = start(config);
  await first.promise;
  const tookMs = performance.now() - startedMs;
  child.kill('SIGKILL');
  await consumer.disconnect();
  return tookMs;
}
