// A stream made up on the spot: endless or of a given length, with noise and drift, at full speed or at a pace.
// Record i is a pure function of the settings and of i, so resuming anywhere costs nothing and gives the same bytes.

import { MillraceError } from '../errors.ts';
import type { Source } from '../pipeline/ports.ts';
import { listedRecords } from '../sample/listed-records.ts';
import type { Chunk, Headers, Positions, SourceRecord } from '../sample/record.ts';
import { conceptAt, type DriftOptions } from './drift.ts';
import { createFriedman } from './friedman.ts';
import type { Generator, GeneratorOptions } from './generator.ts';
import { createHyperplane } from './hyperplane.ts';
import { addNoise } from './noise.ts';
import { createPace } from './pace.ts';
import { createDraws } from './random.ts';
import { createSampleEncoder } from './sample-encoder.ts';
import { createSea } from './sea.ts';
import { createXor } from './xor.ts';

const NO_HEADERS: Headers = [];

const generators = {
  xor: createXor,
  sea: createSea,
  hyperplane: createHyperplane,
  friedman: createFriedman,
} as const satisfies Record<string, (options: GeneratorOptions) => Generator>;

export type SyntheticStream = keyof typeof generators;

/** The names of the streams there are. */
export const syntheticStreams: readonly SyntheticStream[] = ['xor', 'sea', 'hyperplane', 'friedman'];

/** The fewest features that each stream needs. */
const FEATURES_MIN: Readonly<Record<SyntheticStream, number>> = { xor: 2, sea: 2, hyperplane: 1, friedman: 5 };

/** Keeps labels in millionths exact integers. */
const FRIEDMAN_NOISE_MAX = 1e6;

export interface SyntheticSourceOptions extends DriftOptions {
  readonly stream: SyntheticStream;
  /** An integer from 0. */
  readonly seed: number;
  /** Classes: the probability of a flipped label. Friedman: the standard deviation of the label's noise. */
  readonly noise: number;
  /** Length of the stream; endless without. */
  readonly samples?: number | undefined;
  /** Pace; full speed without. */
  readonly samplesPerSecond?: number | undefined;
  /** Number of features; the paper's unless said. More than it needs are irrelevant ones. */
  readonly features?: number | undefined;
}

/** A source of JSON samples, partition 0; offsets are record numbers. */
export function createSyntheticSource(options: SyntheticSourceOptions): Source {
  const { stream, samples = Number.POSITIVE_INFINITY } = options;
  checkOptions(options);
  let isClosed = false;

  async function* chunks(from: Positions, signal: AbortSignal): AsyncGenerator<Chunk, void> {
    const record = createRecordMaker(options);
    const pace = createPace(options.samplesPerSecond);
    let offset = from.get(0) ?? 0;
    if (offset > samples) throw shrunk(stream, samples, offset);
    while (offset < samples) {
      const count = Math.min(pace.chunkRecords, samples - offset);
      await pace.wait(count, signal);
      if (isClosed || signal.aborted) return;
      const records = listedRecords(record(offset, count));
      offset += count;
      yield { origin: stream, partition: 0, records, nextOffset: offset };
    }
  }

  return {
    name: `synthetic stream ${stream}`,
    origin: describe(options),
    columns: null,
    identity: null,
    async open() {},
    claim: async (signal) => !signal.aborted,
    chunks,
    async acknowledge() {},
    async close() {
      isClosed = true;
    },
  };
}

function checkOptions({ stream, features, noise }: SyntheticSourceOptions): void {
  const fewest = FEATURES_MIN[stream];
  if (features !== undefined && features < fewest) {
    throw new MillraceError(
      'config-invalid',
      `source.synthetic.features is ${features}, but the stream ${stream} needs at least ${fewest}.`,
    );
  }
  const most = stream === 'friedman' ? FRIEDMAN_NOISE_MAX : 1;
  if (!(noise >= 0 && noise <= most)) {
    throw new MillraceError(
      'config-invalid',
      `source.synthetic.noise is ${noise}, but the stream ${stream} takes 0 to ${most}.`,
    );
  }
}

/** Makes `count` records from number `first` on, their bytes side by side in fresh memory. */
function createRecordMaker(options: SyntheticSourceOptions): (first: number, count: number) => SourceRecord[] {
  const generator = generators[options.stream](options);
  const draws = createDraws(options.seed, 'record');
  const encoder = createSampleEncoder(generator);
  const features = new Int32Array(generator.features);
  return (first, count) => {
    const bytes = Buffer.allocUnsafeSlow(count * encoder.recordBytesMax);
    const records: SourceRecord[] = [];
    let at = 0;
    for (let offset = first; offset < first + count; offset += 1) {
      draws.seek(offset);
      const clean = generator.sample(conceptAt(offset, options), draws, features);
      const label = addNoise(clean, options.noise, generator.target, draws);
      const end = encoder.encode(features, label, bytes, at);
      records.push({ key: null, value: bytes.subarray(at, end), headers: NO_HEADERS, timestampMs: null, offset });
      at = end;
    }
    return records;
  };
}

/** All settings that decide what the records hold: a checkpoint of another stream must not be resumed. */
function describe({ stream, seed, noise, drifts = [], driftEvery, features }: SyntheticSourceOptions): string {
  const parts = [`synthetic ${stream}`, `seed ${seed}`];
  if (noise > 0) parts.push(`noise ${noise}`);
  if (drifts.length > 0) parts.push(`drifts ${[...drifts].sort((a, b) => a - b).join(',')}`);
  if (driftEvery !== undefined) parts.push(`driftEvery ${driftEvery}`);
  if (features !== undefined) parts.push(`features ${features}`);
  return parts.join(', ');
}

function shrunk(stream: string, samples: number, start: number): MillraceError {
  return new MillraceError(
    'source-shrunk',
    `The synthetic stream ${stream} has ${samples} samples, but the checkpoint resumes at record ${start}. ` +
      'Raise source.synthetic.samples, or start anew with another checkpoint.dir.',
  );
}
