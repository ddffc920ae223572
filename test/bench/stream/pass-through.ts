// A bare pass-through, a process of its own: the same reading and the same transactions as a run, JSON decoded, a constant
// predicted, nothing learnt, no digest, no checkpoint. What it reaches is what moving the records costs.

import { concatMap, lastValueFrom, map, pipe } from 'rxjs';
import { loadConfig } from '../../../src/config/load.ts';
import { schemaSpec } from '../../../src/config/resolve.ts';
import { createKafkaSource } from '../../../src/kafka/kafka-source.ts';
import { openTransactionalDelivery } from '../../../src/kafka/transactional-delivery.ts';
import { bounded } from '../../../src/pipeline/bounded.ts';
import type { Boundary } from '../../../src/pipeline/ports.ts';
import { createDecoder } from '../../../src/sample/decoder.ts';
import { createJsonFormat } from '../../../src/sample/json-format.ts';
import type { Chunk, OutputRecord } from '../../../src/sample/record.ts';

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
const value = Buffer.from('{"prediction":1,"probability":0.5,"modelVersion":0}');
const positions = new Map<number, number>();
let samples = 0;
let startedMs = 0;
let committedMs = 0;

function predict({ partition, records }: Chunk): OutputRecord[] {
  return records.map(({ key, headers, timestampMs }) => ({ key, value, headers, timestampMs, partition }));
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
      if (startedMs === 0) startedMs = committedMs = performance.now();
      samples += decoder.decode(chunk).count;
      positions.set(chunk.partition, chunk.nextOffset);
      const isDue = performance.now() - committedMs >= config.commit.everyMs;
      if (isDue) committedMs = performance.now();
      return { predictions: predict(chunk), boundary: isDue ? boundary() : null };
    }),
    concatMap(async ({ predictions, boundary }) => {
      await delivery.write({ predictions, deadLetters: [] });
      if (boundary) await delivery.commit(boundary);
    }),
  ),
);
await lastValueFrom(passed$);
await delivery.commit(boundary());
console.log(JSON.stringify({ samples, samplesPerSecond: samples / ((performance.now() - startedMs) / 1000) }));
await source.close();
await delivery.close();
