// `bench -- decode [--features N]`: what it costs to decode a record of 10 numbers and a label, as float32, JSON or CSV: from
// bytes to rows, blocks and all, in chunks of 1000. The best of many turns each, interleaved.

import { createCsvFormat } from '../../src/sample/csv-format.ts';
import { createDecoder, type Decoder } from '../../src/sample/decoder.ts';
import { createFloat32Format } from '../../src/sample/float32-format.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import { listedRecords } from '../../src/sample/listed-records.ts';
import type { Chunk } from '../../src/sample/record.ts';
import type { RecordFormat } from '../../src/sample/record-reader.ts';
import { type BoundSchema, numericFeature } from '../../src/sample/schema.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { printFigures } from './run-millrace.ts';
import { createSamples, type MadeSample } from './stream/samples.ts';

const turns = 60;
const chunkRecords = 1000;
const chunksMade = 20;

/** What it takes. */
export const options = ['--features N'];

/** Runs the bench; a few seconds. */
export function run({ json, rest }: BenchOptions): void {
  const features = numberOption(rest, '--features', 10);
  const columns = Array.from({ length: features }, (_, index) => `x${index}`);
  const schema: BoundSchema = {
    features: columns.map((name) => numericFeature(name, 'standard')),
    target: { type: 'binary', from: ['label'], classes: [0, 1] },
    weight: null,
  };
  const next = createSamples(features);
  const samples = Array.from({ length: chunkRecords * chunksMade }, next);
  const text = (make: (sample: MadeSample) => string) => (sample: MadeSample) => Buffer.from(make(sample));
  const named = ({ values, label }: MadeSample) =>
    `{"features":{${values.map((value, index) => `"x${index}":${value}`)}},"label":${label}}`;
  const ways = [
    way('float32', createFloat32Format(schema, 'none', { mayLackTargets: true }), schema, samples.map(toFloat32)),
    way(
      'jsonList',
      createJsonFormat(schema, 'none'),
      schema,
      samples.map(text(({ values, label }) => `{"features":[${values}],"label":${label}}`)),
    ),
    way('jsonNames', createJsonFormat(schema, 'none'), schema, samples.map(text(named))),
    way(
      'csv',
      createCsvFormat(schema, 'none', [...columns, 'label']),
      schema,
      samples.map(text(({ values, label }) => `${values},${label}`)),
    ),
  ];
  for (let turn = 0; turn < turns; turn++) for (const one of ways) one.turn();
  const figures = ways.map(({ name, bestNs }) => [`${name}NsPerRecord`, Math.round(bestNs())]);
  printFigures(json, { bench: 'decode', features, ...Object.fromEntries(figures) });
}

function toFloat32({ values, label }: MadeSample): Buffer {
  return Buffer.from(Float32Array.from([...values.map(Number), label]).buffer);
}

/** A format over its chunks, all records of which lie in one stretch of memory, each a view of it. */
function way(name: string, format: RecordFormat, schema: BoundSchema, values: readonly Buffer[]) {
  const decoder = createDecoder({ format, schema, maxRecordBytes: 1 << 20 });
  const chunks = Array.from({ length: chunksMade }, (_, at) =>
    chunkOf(values.slice(at * chunkRecords, (at + 1) * chunkRecords)),
  );
  let bestNs = Number.POSITIVE_INFINITY;
  return {
    name,
    bestNs: () => bestNs,
    turn() {
      const startedMs = performance.now();
      decodeAll(decoder, chunks);
      bestNs = Math.min(bestNs, ((performance.now() - startedMs) * 1e6) / values.length);
    },
  };
}

function decodeAll(decoder: Decoder, chunks: readonly Chunk[]): void {
  for (const chunk of chunks) {
    const { count } = decoder.decode(chunk);
    if (count !== chunk.records.length) throw new Error(`${chunk.records.length - count} records were rejected`);
  }
}

function chunkOf(values: readonly Buffer[]): Chunk {
  // Behind one byte, so that no float32 is aligned.
  const bytes = Buffer.concat([Buffer.alloc(1), ...values]);
  let at = 1;
  const records = values.map(({ length }, offset) => {
    at += length;
    return { key: null, value: bytes.subarray(at - length, at), headers: [], timestampMs: null, offset };
  });
  return { origin: 'bench', partition: 0, records: listedRecords(records), nextOffset: values.length };
}
