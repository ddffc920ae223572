// `bench -- stages [--features N]`: what each stage of a sample's way costs by itself, in nanoseconds, without a broker: the
// bytes of a fetch are read, decoded, learnt, counted, encoded and sealed again in this process. Network 10-32-1 (or N-32-1),
// a step for each sample, pieces of 2000 records. Best of the rounds, as the machine may be busy.

import { createRecordBatch } from '../../src/kafka/wire/record-batch.ts';
import { readRecords } from '../../src/kafka/wire/record-reader.ts';
import { createLearner } from '../../src/learner/create-learner.ts';
import { createCounters } from '../../src/pipeline/counters.ts';
import { createRecent } from '../../src/pipeline/recent.ts';
import { createDecoder } from '../../src/sample/decoder.ts';
import { createPredictionEncoder } from '../../src/sample/encode-prediction.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import { numericFeature, type SchemaSpec } from '../../src/sample/schema.ts';
import { benchSpec } from './bench-spec.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { printFigures } from './run-millrace.ts';
import { createSamples } from './stream/samples.ts';

const records = 2000;
const fetches = 20;
const rounds = 60;
const batchBytes = 1 << 20;

const stages = ['read', 'decode', 'learn', 'count', 'encode', 'write', 'seal', 'digest'] as const;
type Stage = (typeof stages)[number];
/** Milliseconds by stage. */
type Costs = Record<Stage, number>;

/** Runs the bench; some seconds. */
export function run({ json, rest }: BenchOptions): void {
  const features = numberOption(rest, '--features', 10);
  const fetched = Array.from({ length: fetches }, createFetches(features));
  const pass = createPass(features);
  let best: Costs | null = null;
  for (let round = 0; round < rounds; round++) {
    const costs = pass(fetched);
    if (best === null || total(costs) < total(best)) best = costs;
  }
  if (best === null) return;
  const nanos = (ms: number, times = fetches * records) => Math.round((ms / times) * 1e6);
  const { digest, ...perSample } = best;
  printFigures(json, {
    bench: 'stages',
    features,
    ...Object.fromEntries(Object.entries(perSample).map(([stage, ms]) => [`${stage}Nanos`, nanos(ms)])),
    totalNanos: nanos(total(best) - digest),
    digestNanosPerCommit: nanos(digest, fetches),
  });
}

function total(costs: Costs): number {
  return stages.reduce((sum, stage) => sum + costs[stage], 0);
}

/** Makes the bytes of one fetch after another. */
function createFetches(features: number): () => Buffer {
  const next = createSamples(features);
  return () => {
    const batch = createRecordBatch(64 << 20);
    const made = Array.from({ length: records }, (_, index) => {
      const { values, label } = next();
      const value = Buffer.from(`{"features":[${values.join(',')}],"label":${label}}`);
      return { key: null, value, headers: [], timestampMs: 1_700_000_000_000 + index, partition: null };
    });
    for (const row of made.keys()) batch.append(made, row);
    return batch.seal({ id: -1n, epoch: -1, isTransactional: false }, 0);
  };
}

/** The whole way of all fetches, as the run goes it, with a clock between the stages. */
function createPass(features: number): (fetched: readonly Buffer[]) => Costs {
  const spec: SchemaSpec = {
    features: Array.from({ length: features }, (_, index) => numericFeature(`f${index}`, 'none')),
    target: { type: 'binary', from: ['label'], classes: [0, 1] },
    weight: null,
  };
  const format = createJsonFormat(spec, 'none');
  const decoder = createDecoder({ format, schema: format.known, maxRecordBytes: batchBytes });
  const learner = createLearner(benchSpec({ network: [features, 32, 1], batchSize: 1 }));
  const encode = createPredictionEncoder(spec.target, { label: false, loss: false });
  const counters = createCounters();
  const recent = createRecent();
  return (fetched) => {
    const costs: Costs = { read: 0, decode: 0, learn: 0, count: 0, encode: 0, write: 0, seal: 0, digest: 0 };
    const timed = <T>(stage: Stage, work: () => T): T => {
      const startedMs = performance.now();
      const result = work();
      costs[stage] += performance.now() - startedMs;
      return result;
    };
    for (const bytes of fetched) {
      const read = timed('read', () => readRecords(bytes, { from: 0, to: Number.POSITIVE_INFINITY, aborted: [] }));
      const chunk = { origin: 'bench', partition: 0, ...read };
      const block = timed('decode', () => decoder.decode(chunk));
      const outcome = timed('learn', () => learner.learn(block));
      timed('count', () => {
        counters.countLosses(outcome.losses, block);
        counters.countChunk(chunk, block);
        recent.note(chunk, block, outcome, format.known);
      });
      const predictions = timed('encode', () => encode(chunk, block, outcome));
      const batch = createRecordBatch(batchBytes);
      timed('write', () => {
        for (let row = 0; row < predictions.length; row++) batch.append(predictions, row);
      });
      timed('seal', () => batch.seal({ id: 1n, epoch: 1, isTransactional: true }, 0));
      timed('digest', () => learner.weightsDigest());
    }
    return costs;
  };
}
