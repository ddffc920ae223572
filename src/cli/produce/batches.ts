// What `millrace produce` sends: the records of a file or of a synthetic stream, a bounded batch at a time, at a pace.

import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import { createFileSource } from '../../file/file-source.ts';
import type { Source } from '../../pipeline/ports.ts';
import { recordList } from '../../sample/listed-records.ts';
import { type Chunk, type OutputRecord, pieces, takeRecords } from '../../sample/record.ts';
import { createPace } from '../../synthetic/pace.ts';
import { createSyntheticSource, syntheticStreams } from '../../synthetic/synthetic-source.ts';
import { formatOf } from '../run/format.ts';
import { createRowToJson } from './row-to-json.ts';
import { createToFloat32 } from './to-float32.ts';

/** Where the records come from, how many and how fast. */
export interface ProduceInput {
  /** A CSV or NDJSON file, or `-` for NDJSON on standard input. */
  readonly from?: string;
  /** Name of a synthetic stream, instead of a file. */
  readonly synthetic?: string;
  /** Ends after so many records. */
  readonly samples?: number;
  readonly seed: number;
  readonly noise: number;
  readonly driftEvery?: number;
  /** Records a second; as fast as they are taken without. */
  readonly rate?: number;
}

/** The records in order, as the topic's format wants them, until the input ends or `signal` aborts. Throws MillraceError. */
export async function* produceBatches(
  config: Config,
  input: ProduceInput,
  signal: AbortSignal,
): AsyncGenerator<OutputRecord[]> {
  const source = createInput(input);
  const pace = createPace(input.rate);
  let left = input.samples ?? Number.POSITIVE_INFINITY;
  try {
    await source.open();
    const isFloat32 = config.source.kafka?.format === 'float32';
    const encode = isFloat32 ? createToFloat32(config, source) : createToJson(source);
    for await (const whole of source.chunks(new Map(), signal)) {
      const chunk = takeRecords(whole, left);
      left -= chunk.records.length;
      for (const piece of pieces(chunk, pace.chunkRecords)) {
        await pace.wait(piece.records.length, signal);
        if (signal.aborted) return;
        yield encode(piece).map(outputRecord);
      }
      if (left <= 0) return;
    }
  } finally {
    await source.close();
  }
}

function createInput({ from, synthetic, samples, seed, noise, driftEvery }: ProduceInput): Source {
  if ((from === undefined) === (synthetic === undefined))
    throw new MillraceError('usage-invalid', 'millrace produce needs either --from FILE or --synthetic STREAM');
  if (from !== undefined) return createFileSource({ path: from, format: formatOf(from) });
  const stream = syntheticStreams.find((name) => name === synthetic);
  if (!stream)
    throw new MillraceError('usage-invalid', `--synthetic ${synthetic}: choose one of ${syntheticStreams.join(', ')}`);
  return createSyntheticSource({ stream, seed, noise, driftEvery, samples });
}

function createToJson({ columns }: Source): (chunk: Chunk) => (Uint8Array | null)[] {
  const toJson = columns ? createRowToJson(columns) : (value: Uint8Array) => value;
  return ({ records }) => recordList(records).map(({ value }) => value && toJson(value));
}

/** Keyless and without a partition, so that the partitions are filled in turn. */
function outputRecord(value: Uint8Array | null): OutputRecord {
  return { key: null, value, headers: [], timestampMs: null, partition: null };
}
