// `bench -- stream [--records N] [--rounds N]`: the whole way over a broker of its own, in one run, interleaved: bare
// pass-through, Millrace exactly once and at least once, and the Kafka Streams peer, tuned and as first written. Network
// 10-32-1, a step for each sample, a commit every 100 ms, journal and checkpoints on. Needs Java and Maven.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { projectRoot } from '../tooling/source-files.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { benchRun, nodeOptions, printFigures } from './run-millrace.ts';
import { median } from './statistics.ts';
import { fill } from './stream/fill.ts';
import { buildPeer, runPeer } from './stream/peer.ts';

const execute = promisify(execFile);
const partitions = 4;
const input = 'bench-in';
const output = 'bench-out';

interface Rates {
  readonly millrace: number[];
  readonly atLeastOnce: number[];
  readonly passThrough: number[];
  readonly kafkaStreamsTuned: number[];
  readonly kafkaStreams: number[];
}

/** Runs the bench; some minutes. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 3_000_000);
  const rounds = numberOption(rest, '--rounds', 3);
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-stream-'));
  const rss = { max: 0 };
  try {
    const { brokers } = cluster;
    const peer = await buildPeer();
    await createMissingTopics({ brokers }, [input, output], partitions);
    await fill(brokers, input, records);
    const rates: Rates = { millrace: [], atLeastOnce: [], passThrough: [], kafkaStreamsTuned: [], kafkaStreams: [] };
    for (let round = 0; round < rounds; round++) {
      const at = { folder, brokers, round };
      rates.passThrough.push(await passThrough(await writeConfig(at, 'pass')));
      rates.millrace.push(await millrace(await writeConfig(at, 'once'), rss));
      if (peer) rates.kafkaStreamsTuned.push(await runPeer(peer, { brokers, input, output }, 'tuned'));
      rates.atLeastOnce.push(await millrace(await writeConfig(at, 'least', 'delivery: at-least-once'), rss));
      if (peer) rates.kafkaStreams.push(await runPeer(peer, { brokers, input, output }, 'as written'));
    }
    report(json, records, rates, rss.max);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeConfig(
  { folder, brokers, round }: { folder: string; brokers: readonly string[]; round: number },
  kind: string,
  more = '',
): Promise<string> {
  const name = `bench-${kind}-${round}`;
  const path = join(folder, `${name}.yaml`);
  const lines = [
    `name: ${name}`,
    `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${input} } }`,
    `predictions: { kafka: { topic: ${output} } }`,
    'schema: { target: { from: label, type: binary } }',
    'model: { hidden: 32, optimizer: { type: sgd, learningRate: 0.05 }, rehearsal: false }',
    'commit: { everyMs: 100, everyRecords: 1000000 }',
    `checkpoint: { dir: "${join(folder, name)}" }`,
    'http: false',
    more,
  ];
  await writeFile(path, lines.join('\n'));
  return path;
}

async function passThrough(config: string): Promise<number> {
  const script = join(projectRoot, 'test/bench/stream/pass-through.ts');
  const { stdout } = await execute(process.execPath, [...nodeOptions, script, config]);
  return JSON.parse(stdout).samplesPerSecond;
}

async function millrace(config: string, rss: { max: number }): Promise<number> {
  const { samples, liveSeconds, rss: own } = await benchRun(config);
  rss.max = Math.max(rss.max, own.max);
  return samples / liveSeconds;
}

function report(json: boolean, samples: number, rates: Rates, rssMaxBytes: number): void {
  const of = (figures: readonly number[]) => (figures.length > 0 ? Math.round(median(figures)) : null);
  const millrace = of(rates.millrace);
  const passThrough = of(rates.passThrough);
  const kafkaStreamsTuned = of(rates.kafkaStreamsTuned);
  const ratio = (other: number | null) => (millrace && other ? Number((millrace / other).toFixed(3)) : null);
  printFigures(json, {
    bench: 'stream',
    samples,
    ...{ millrace, atLeastOnce: of(rates.atLeastOnce), passThrough },
    ...{ kafkaStreamsTuned, kafkaStreams: of(rates.kafkaStreams) },
    ratioPassThrough: ratio(passThrough),
    ratioKafkaStreamsTuned: ratio(kafkaStreamsTuned),
    rssMaxBytes,
  });
}
