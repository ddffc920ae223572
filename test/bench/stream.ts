// `bench -- stream [--records N] [--rounds N]`: the whole way over a broker of its own, in one run, interleaved: bare
// pass-through, Millrace exactly once and at least once, and the Kafka Streams peer, tuned and as first written; each round
// begins with another of them. Network 10-32-1, a step for each sample, a commit every 100 ms, journal and checkpoints on.
// One clock for all: the broker's, from the first prediction in the output to the last. Beside the rates: the processor time
// of a sample between these two, of the contender's process and of the broker, and how many processors of the machine were
// busy. Needs Java and Maven.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { projectRoot } from '../tooling/source-files.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { rotated } from './rotated.ts';
import { benchRun, nodeOptions, printFigures } from './run-millrace.ts';
import { median } from './statistics.ts';
import { fill } from './stream/fill.ts';
import { createOutput, rateOf, takeSpan } from './stream/outputs.ts';
import { buildPeer, runPeer } from './stream/peer.ts';
import { machineMs, processorMsOf, readOften, runWatched, type Usage } from './usage.ts';

const partitions = 4;
const input = 'bench-in';

/** Where a run reads and writes, and what it may call its own. */
interface Place {
  readonly brokers: string[];
  readonly folder: string;
  readonly name: string;
  readonly output: string;
}

/** Runs through all of the input; what its process used. */
type Contender = (place: Place) => Promise<Usage>;

/** What was measured of one run through all of the input. */
interface Measured {
  readonly samplesPerSecond: number;
  /** Microseconds of processor time a sample, of the contender's process. */
  readonly ownMicros: number;
  /** The same, of the broker. */
  readonly brokerMicros: number;
  /** Processors that were busy, with whatever. */
  readonly busyProcessors: number;
  readonly rssMax: number;
}

/** What it takes. */
export const options = ['--records N', '--rounds N'];

/** Runs the bench; some minutes. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 3_000_000);
  const rounds = numberOption(rest, '--rounds', 3);
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-stream-'));
  try {
    const { brokers } = cluster;
    const contenders = await allContenders();
    await createMissingTopics({ brokers }, [input], partitions);
    await fill(brokers, input, records);
    const measured = new Map<string, Measured[]>([...contenders.keys()].map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, contender] of rotated([...contenders], round)) {
        const place = { brokers, folder, name: `${name}-${round}`, output: `${name}-${round}-out` };
        const one = await measure(contender, place, cluster.pids, records);
        if (!json) console.error(`round ${round + 1}: ${name} ${Math.round(one.samplesPerSecond)} samples/s`);
        measured.get(name)?.push(one);
      }
    }
    report(json, records, measured);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  contender: Contender,
  place: Place,
  brokerPids: readonly number[],
  records: number,
): Promise<Measured> {
  const { brokers, output } = place;
  const broker = readOften(() => brokerPids.reduce((sum, pid) => sum + processorMsOf(pid), 0));
  const machine = readOften(machineMs);
  await createOutput(brokers, output, partitions);
  const { processor, rssMax } = await contender(place).finally(() => {
    for (const readings of [broker, machine]) readings.stop();
  });
  const span = await takeSpan(brokers, output, records);
  const { firstMs, lastMs } = span;
  const micros = (readings: typeof broker) => (1000 * readings.between(firstMs, lastMs)) / records;
  return {
    samplesPerSecond: rateOf(records, span),
    ownMicros: micros(processor),
    brokerMicros: micros(broker),
    busyProcessors: machine.between(firstMs, lastMs) / (lastMs - firstMs),
    rssMax,
  };
}

/** By the names that the figures have. */
async function allContenders(): Promise<Map<string, Contender>> {
  const contenders = new Map<string, Contender>([
    ['passThrough', passThrough],
    ['millrace', (place) => millrace(place)],
    ['atLeastOnce', (place) => millrace(place, 'delivery: at-least-once')],
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

async function passThrough(place: Place): Promise<Usage> {
  const script = join(projectRoot, 'test/bench/stream/pass-through.ts');
  const { usage } = await runWatched(process.execPath, [...nodeOptions, script, await writeConfig(place, '')]);
  return usage;
}

async function millrace(place: Place, more = ''): Promise<Usage> {
  const { usage } = await benchRun(await writeConfig(place, more));
  return usage;
}

function report(json: boolean, samples: number, measured: ReadonlyMap<string, readonly Measured[]>): void {
  const figuresOf = (name: string, figure: keyof Measured) => (measured.get(name) ?? []).map((one) => one[figure]);
  const middle = (figures: readonly number[], digits: number) =>
    figures.length > 0 ? Number(median(figures).toFixed(digits)) : null;
  const rates = (name: string) => figuresOf(name, 'samplesPerSecond');
  const rate = (name: string) => middle(rates(name), 0);
  const own = rates('millrace');
  const ofMedians = (other: string) => {
    const theirs = rates(other);
    return theirs.length > 0 ? middle([median(own) / median(theirs)], 3) : null;
  };
  const byRound = (other: string) =>
    middle(
      rates(other).map((theirs, round) => own[round] / theirs),
      3,
    );
  const byName = (figure: 'ownMicros' | 'brokerMicros' | 'busyProcessors') =>
    Object.fromEntries([...measured.keys()].map((name) => [name, middle(figuresOf(name, figure), 2)]));
  printFigures(json, {
    bench: 'stream',
    samples,
    ...{ millrace: rate('millrace'), atLeastOnce: rate('atLeastOnce'), passThrough: rate('passThrough') },
    ...{ kafkaStreamsTuned: rate('kafkaStreamsTuned'), kafkaStreams: rate('kafkaStreams') },
    ratioPassThrough: ofMedians('passThrough'),
    ratioKafkaStreamsTuned: ofMedians('kafkaStreamsTuned'),
    ratioPassThroughByRound: byRound('passThrough'),
    ratioKafkaStreamsTunedByRound: byRound('kafkaStreamsTuned'),
    rssMaxBytes: Math.max(...['millrace', 'atLeastOnce'].flatMap((name) => figuresOf(name, 'rssMax'))),
    processorMicros: byName('ownMicros'),
    brokerProcessorMicros: byName('brokerMicros'),
    busyProcessors: byName('busyProcessors'),
  });
}
