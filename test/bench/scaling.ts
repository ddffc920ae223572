// `bench -- scaling [--rounds N]`: what a sample costs, exactly once over a broker of its own, against features, hidden units,
// partitions and record size, one of them changed at a time, and the most memory that was held; and a line on paper through
// all of it. Last, and not on that line, large records in many partitions. A step for each sample, a commit every 100 ms,
// journal and checkpoints on. Needs Java and Maven.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { benchRun } from './run-millrace.ts';
import { median } from './statistics.ts';
import { fill } from './stream/fill.ts';

interface ScalingCase {
  readonly features: number;
  readonly hidden: number;
  readonly partitions: number;
  /** Bytes of a text beside the features, which is read over. */
  readonly padding: number;
}

const usual: ScalingCase = { features: 10, hidden: 32, partitions: 4, padding: 0 };
const oneChanged: readonly ScalingCase[] = [
  usual,
  ...[100, 1000].map((features) => ({ ...usual, features })),
  ...[8, 128, 512].map((hidden) => ({ ...usual, hidden })),
  ...[1, 64].map((partitions) => ({ ...usual, partitions })),
  ...[200, 1000, 10_000].map((padding) => ({ ...usual, padding })),
];
/** What is fetched ahead of a partition is held for each of them. */
const largeInMany: ScalingCase = { ...usual, partitions: 64, padding: 10_000 };

/** Input of a case: enough for some seconds, and no more than the page cache holds. */
const inputBytes = 400_000_000;
const recordsMax = 2_000_000;

interface Measured extends ScalingCase {
  readonly bench: 'scaling';
  readonly recordBytes: number;
  readonly samplesPerSecond: number;
  readonly microsPerSample: number;
  readonly megabytesPerSecond: number;
  /** Of all rounds; 0 where the system does not tell. */
  readonly rssMaxBytes: number;
}

/** What it takes. */
export const options = ['--rounds N'];

/** Runs the bench; some minutes. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const rounds = numberOption(rest, '--rounds', 3);
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-scaling-'));
  try {
    const measured: Measured[] = [];
    for (const [index, one] of [...oneChanged, largeInMany].entries()) {
      const figures = await measure(one, { brokers: cluster.brokers, folder, name: `scaling-${index}`, rounds });
      measured.push(figures);
      if (json) console.log(JSON.stringify(figures));
    }
    if (!json) console.table(measured.map(({ bench: _, ...row }) => row));
    const fit = onPaper(measured.slice(0, oneChanged.length));
    console.log(json ? JSON.stringify(fit) : fit);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly brokers: readonly string[];
  readonly folder: string;
  readonly name: string;
  readonly rounds: number;
}

async function measure(one: ScalingCase, { brokers, folder, name, rounds }: Place): Promise<Measured> {
  const { features, hidden, partitions, padding } = one;
  const recordBytes = 26 + 7 * features + (padding > 0 ? padding + 10 : 0);
  const records = Math.min(recordsMax, Math.round(inputBytes / recordBytes));
  await createMissingTopics({ brokers }, [name, `${name}-out`], partitions);
  await fill(brokers, name, records, { features, padding });
  const rates: number[] = [];
  let rssMaxBytes = 0;
  for (let round = 0; round < rounds; round++) {
    const config = join(folder, `${name}-${round}.yaml`);
    await writeFile(config, configText({ brokers, folder, name, round, hidden }));
    const { samples, liveSeconds, usage } = await benchRun(config);
    rates.push(samples / liveSeconds);
    rssMaxBytes = Math.max(rssMaxBytes, usage.rssMax);
  }
  const samplesPerSecond = Math.round(median(rates));
  return {
    ...{ bench: 'scaling', features, hidden, partitions, padding, recordBytes, samplesPerSecond },
    microsPerSample: Number((1e6 / samplesPerSecond).toFixed(2)),
    megabytesPerSecond: Number(((samplesPerSecond * recordBytes) / 1e6).toFixed(1)),
    rssMaxBytes,
  };
}

interface Run extends Omit<Place, 'rounds'> {
  readonly round: number;
  readonly hidden: number;
}

function configText({ brokers, folder, name, round, hidden }: Run): string {
  return [
    `name: ${name}-${round}`,
    `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${name} } }`,
    `predictions: { kafka: { topic: ${name}-out } }`,
    'schema: { target: { from: label, type: binary } }',
    `model: { hidden: ${hidden}, optimizer: { type: sgd, learningRate: 0.01 }, rehearsal: false }`,
    'commit: { everyMs: 100, everyRecords: 1000000 }',
    `checkpoint: { dir: "${join(folder, `${name}-${round}`)}" }`,
    'http: false',
  ].join('\n');
}

/**
 * Microseconds of a sample as a + b·bytes + c·parameters, by least squares of the relative error over the cases: a for the
 * record, b for a byte that is fetched and scanned, c for a parameter that is used and updated.
 */
function onPaper(measured: readonly Measured[]) {
  const rows = measured.map(({ recordBytes, features, hidden, microsPerSample }) => {
    const parameters = (features + 2) * hidden + 1;
    return [1, recordBytes, parameters].map((term) => term / microsPerSample);
  });
  const normal = [0, 1, 2].map((i) => [0, 1, 2].map((j) => sum(rows.map((row) => row[i] * row[j]))));
  const wanted = [0, 1, 2].map((i) => sum(rows.map((row) => row[i])));
  const [perRecord, perByte, perParameter] = solve(normal, wanted);
  const errors = rows.map((row) => Math.abs(row[0] * perRecord + row[1] * perByte + row[2] * perParameter - 1));
  return {
    bench: 'scaling-fit',
    microsPerRecord: Number(perRecord.toFixed(2)),
    nanosPerByte: Number((1000 * perByte).toFixed(2)),
    nanosPerParameter: Number((1000 * perParameter).toFixed(3)),
    worstRelativeError: Number(Math.max(...errors).toFixed(2)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Solves a small system by Cramer's rule. */
function solve(matrix: readonly (readonly number[])[], wanted: readonly number[]): number[] {
  const whole = determinant(matrix);
  return wanted.map(
    (_, column) =>
      determinant(matrix.map((row, i) => row.map((value, j) => (j === column ? wanted[i] : value)))) / whole,
  );
}

function determinant([[a, b, c], [d, e, f], [g, h, i]]: readonly (readonly number[])[]): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
