// `bench -- stream [--records N] [--rounds N]`: the whole way over a broker of its own, in one run, interleaved: bare
// pass-through, Millrace exactly once and at least once, and the Kafka Streams peer, tuned and as first written; each round
// begins with another of them. Network 10-32-1, a step for each sample, a commit every 100 ms, journal and checkpoints on.
// One clock for all: the broker's, from the first prediction in the output to the last. Needs Java and Maven.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { projectRoot } from '../tooling/source-files.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { rotated } from './rotated.ts';
import { benchRun, nodeOptions, printFigures } from './run-millrace.ts';
import { median } from './statistics.ts';
import { fill } from './stream/fill.ts';
import { createOutput, takeRate } from './stream/outputs.ts';
import { buildPeer, runPeer } from './stream/peer.ts';

const execute = promisify(execFile);
const partitions = 4;
const input = 'bench-in';

/** Where a run reads and writes, and what it may call its own. */
interface Place {
  readonly brokers: string[];
  readonly folder: string;
  readonly name: string;
  readonly output: string;
}

/** Runs through all of the input. */
type Contender = (place: Place) => Promise<void>;

/** Runs the bench; some minutes. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 3_000_000);
  const rounds = numberOption(rest, '--rounds', 3);
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-stream-'));
  const rss = { max: 0 };
  try {
    const { brokers } = cluster;
    const contenders = await allContenders(rss);
    await createMissingTopics({ brokers }, [input], partitions);
    await fill(brokers, input, records);
    const rates = new Map<string, number[]>([...contenders.keys()].map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, contender] of rotated([...contenders], round)) {
        const place = { brokers, folder, name: `${name}-${round}`, output: `${name}-${round}-out` };
        await createOutput(brokers, place.output, partitions);
        await contender(place);
        const rate = await takeRate(brokers, place.output, records);
        if (!json) console.error(`round ${round + 1}: ${name} ${Math.round(rate)} samples/s`);
        rates.get(name)?.push(rate);
      }
    }
    report(json, records, rates, rss.max);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** By the names that the figures have. */
async function allContenders(rss: { max: number }): Promise<Map<string, Contender>> {
  const contenders = new Map<string, Contender>([
    ['passThrough', passThrough],
    ['millrace', (place) => millrace(place, rss)],
    ['atLeastOnce', (place) => millrace(place, rss, 'delivery: at-least-once')],
  ]);
  const peer = await buildPeer();
  if (peer) {
    contenders.set('kafkaStreamsTuned', (place) => runPeer(peer, { ...place, input }, 'tuned'));
    contenders.set('kafkaStreams', (place) => runPeer(peer, { ...place, input }, 'as written'));
  }
  return contenders;
}

async function writeConfig({ folder, brokers, name, output }: Place, more: string): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  const lines = [
    `name: bench-${name}`,
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

async function passThrough(place: Place): Promise<void> {
  const script = join(projectRoot, 'test/bench/stream/pass-through.ts');
  await execute(process.execPath, [...nodeOptions, script, await writeConfig(place, '')]);
}

async function millrace(place: Place, rss: { max: number }, more = ''): Promise<void> {
  const { rss: own } = await benchRun(await writeConfig(place, more));
  rss.max = Math.max(rss.max, own.max);
}

function report(json: boolean, samples: number, rates: ReadonlyMap<string, number[]>, rssMaxBytes: number): void {
  const ratesOf = (name: string) => rates.get(name) ?? [];
  const middle = (figures: readonly number[]) => (figures.length > 0 ? median(figures) : null);
  const rounded = (figure: number | null) => (figure === null ? null : Math.round(figure));
  const of = (name: string) => rounded(middle(ratesOf(name)));
  const ratio = (figure: number | null) => (figure === null ? null : Number(figure.toFixed(3)));
  const own = ratesOf('millrace');
  const ofMedians = (other: string) => {
    const theirs = middle(ratesOf(other));
    return ratio(theirs && median(own) / theirs);
  };
  const byRound = (other: string) => ratio(middle(ratesOf(other).map((theirs, round) => own[round] / theirs)));
  printFigures(json, {
    bench: 'stream',
    samples,
    ...{ millrace: of('millrace'), atLeastOnce: of('atLeastOnce'), passThrough: of('passThrough') },
    ...{ kafkaStreamsTuned: of('kafkaStreamsTuned'), kafkaStreams: of('kafkaStreams') },
    ratioPassThrough: ofMedians('passThrough'),
    ratioKafkaStreamsTuned: ofMedians('kafkaStreamsTuned'),
    ratioPassThroughByRound: byRound('passThrough'),
    ratioKafkaStreamsTunedByRound: byRound('kafkaStreamsTuned'),
    rssMaxBytes,
  });
}
