// `bench -- memory [--kafka] [--records N]`: what the process holds while a stream goes through it, checkpoints on: 50 million
// synthetic samples with the default rehearsal; or, with --kafka, 15 million JSON records of 10 numbers, read from a broker of
// its own and predicted exactly once. Needs Java and Maven for that.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { type BenchedRun, benchRun, printFigures } from './run-millrace.ts';
import { fill } from './stream/fill.ts';
import { rssQuarters } from './usage.ts';

/** What it takes. */
export const options = ['--kafka', '--records N'];

/** Runs the bench; some minutes. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-memory-'));
  try {
    if (rest.includes('--kafka')) await overKafka(folder, json, numberOption(rest, '--records', 15_000_000));
    else await synthetic(folder, json, numberOption(rest, '--records', 50_000_000));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function synthetic(folder: string, json: boolean, records: number): Promise<void> {
  const config = await writeConfig(folder, ['source: { synthetic: { stream: hyperplane, driftEvery: 1000000 } }']);
  const small = await benchRun(config, '--samples', String(Math.ceil(records / 50)), '--set', 'name=first');
  const large = await benchRun(config, '--samples', String(records), '--set', 'name=all');
  printFigures(json, {
    ...figuresOf('synthetic', large),
    rssMaxBytesOfFirst: small.usage.rssMax,
    growthRatio: ratio(large.usage.rssMax, small.usage.rssMax),
  });
}

async function overKafka(folder: string, json: boolean, records: number): Promise<void> {
  const cluster = await startProcessCluster();
  try {
    const { brokers } = cluster;
    await createMissingTopics({ brokers }, ['in', 'out'], 4);
    await fill(brokers, 'in', records);
    const config = await writeConfig(folder, [
      `source: { kafka: { brokers: "${brokers.join(',')}", topic: in } }`,
      'predictions: { kafka: { topic: out } }',
      'model: { hidden: 32, rehearsal: false }',
      'commit: { everyMs: 100 }',
    ]);
    const all = await benchRun(config);
    if (all.samples !== records) throw new Error(`learnt ${all.samples} of ${records} records`);
    printFigures(json, figuresOf('kafka', all));
  } finally {
    await cluster.stop();
  }
}

async function writeConfig(folder: string, lines: readonly string[]): Promise<string> {
  const config = join(folder, 'memory.yaml');
  const common = [
    'name: memory',
    'schema: { target: { from: label, type: binary } }',
    `checkpoint: { dir: "${join(folder, 'checkpoints')}", everySamples: 1000000 }`,
    'http: false',
  ];
  await writeFile(config, [...common, ...lines].join('\n'));
  return config;
}

function figuresOf(source: string, { samples, liveSeconds, usage }: BenchedRun) {
  const { first, last } = rssQuarters(usage);
  return {
    ...{ bench: 'memory', source, samples, samplesPerSecond: Math.round(samples / liveSeconds) },
    ...{ rssMaxBytes: usage.rssMax, rssFirstQuarterBytes: first, rssLastQuarterBytes: last },
    quartersRatio: ratio(last, first),
  };
}

function ratio(of: number, to: number): number {
  return Number((of / to).toFixed(3));
}
