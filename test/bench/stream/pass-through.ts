// A bare pass-through, a process of its own: the same reading and the same transactions as a run, JSON decoded, a constant
// predicted and written as a prediction is; nothing learnt or scored, no journal of what was, no digest, no checkpoint. What
// it reaches is what moving the records costs.

import { concatMap, lastValueFrom, map, pipe } from 'rxjs';
import { letHeapGrow } from '../../../src/cli/heap.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { schemaSpec } from '../../../src/config/resolve.ts';
import { createKafkaSource } from '../../../src/kafka/kafka-source.ts';
import { openTransactionalDelivery } from '../../../src/kafka/transactional-delivery.ts';
import { bounded } from '../../../src/pipeline/bounded.ts';
import type { Boundary } from '../../../src/pipeline/ports.ts';
import { createDecoder } from '../../../src/sample/decoder.ts';
import { createPredictionEncoder, type PredictionEncoder } from '../../../src/sample/encode-prediction.ts';
import { createJsonFormat } from '../../../src/sample/json-format.ts';
import type { OutputRecords } from '../../../src/sample/packed-records.ts';
import type { Chunk } from '../../../src/sample/record.ts';

letHeapGrow();
const config = loadConfig({ file: process.argv[2] ?? '', set: [], environment: process.env });
const { kafka } = config.source;
const output = config.predictions?.kafka?.topic;
if (!kafka || !output) throw new Error('the configuration reads and writes Kafka');

const connection = { brokers: kafka.brokers };
const groupId = `${config.name}-pass-through`;
const source = createKafkaSource({ connection, topic: kafka.topic, groupId, stopAtEnd: true });
await source.open();
await source.claim(new AbortController().signal, () => {});
const delivery = await openTransactionalDelivery({
  connection,
  input: { topic: kafka.topic, topicId: null, groupId },
  outputs: { predictions: output, deadLetters: null },
  journalTopic: `${groupId}-journal`,
  transactionalId: groupId,
  timeoutMs: config.commit.timeoutMs,
  producer: config.producer,
});

const format = createJsonFormat(schemaSpec(config), config.model.scale);
const decoder = createDecoder({ format, schema: format.known, maxRecordBytes: config.source.maxRecordBytes });
const positions = new Map<number, number>();
let samples = 0;
let committedMs = 0;

let encode: PredictionEncoder | null = null;
const constant = { probability: 0.7310586, version: 1_000_000 };

/** The same for every sample, of as many bytes as predictions have. */
function predict(chunk: Chunk): OutputRecords {
  const block = decoder.decode(chunk);
  samples += block.count;
  if (!decoder.schema) return [];
  encode ??= createPredictionEncoder(decoder.schema.target, { label: false, loss: false });
  const outputs = new Float32Array(block.count).fill(constant.probability);
  const versions = new Float64Array(block.count).fill(constant.version);
  return encode(chunk, block, { outputs, losses: outputs, versions });
}

function boundary(): Boundary {
  return { sequence: samples, positions: new Map(positions), ranges: [], modelVersion: 0, weightsDigest: null };
}

const chunks = source.chunks(new Map(), new AbortController().signal);
const passed$ = bounded<Chunk, void>(
  chunks,
  config.maxChunksInFlight,
  pipe(
    map((chunk) => {
      if (committedMs === 0) committedMs = performance.now();
      const predictions = predict(chunk);
      positions.set(chunk.partition, chunk.nextOffset);
      const isDue = performance.now() - committedMs >= config.commit.everyMs;
      if (isDue) committedMs = performance.now();
      return { predictions, boundary: isDue ? boundary() : null };
    }),
    concatMap(async ({ predictions, boundary }) => {
      await delivery.write({ predictions, deadLetters: [] });
      if (boundary) await delivery.commit(boundary);
    }),
  ),
);
await lastValueFrom(passed$);
await delivery.commit(boundary());
await source.close();
await delivery.close();
