// Parts of a pipeline that tests can watch: the real decoder and learner, between inputs and outputs held in memory.

import { onTestFinished } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { learnerSpec, schemaSpec } from '../../src/config/resolve.ts';
import { createLearner } from '../../src/learner/create-learner.ts';
import type { Learner } from '../../src/learner/learner.ts';
import { createCounters, type RunCounters } from '../../src/pipeline/counters.ts';
import { createFold, type Fold, type Folded, type FoldSnapshot } from '../../src/pipeline/fold.ts';
import type { LearningThread, Sink, Source } from '../../src/pipeline/ports.ts';
import type { RecentRecorder } from '../../src/pipeline/recent.ts';
import { createDecoder } from '../../src/sample/decoder.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import { unpacked } from '../../src/sample/packed-records.ts';
import type { Chunk, OutputRecord } from '../../src/sample/record.ts';
import type { BoundSchema } from '../../src/sample/schema.ts';
import { createNoise } from '../kernels/random-spec.ts';
import { chunkOf } from '../sample/samples.ts';
import { readyThread } from '../thread/threads.ts';

/** A small network with momentum, so that more than its weights must be right. */
const smallModel = {
  hidden: [{ units: 3, activation: 'tanh' }],
  optimizer: { type: 'momentum', learningRate: 0.05 },
  rehearsal: { perSample: 2, buffer: 20, until: 100 },
};

/** What predictions hold. */
const publishedFields = { label: true, loss: false };

/** A thread for a fold of a test, where it is to have one; closed after it. */
export function threadFor(isThreaded: boolean): LearningThread | null {
  if (!isThreaded) return null;
  const thread = readyThread(publishedFields);
  onTestFinished(thread.close);
  return thread;
}

export interface FoldParts {
  readonly model?: object;
  readonly counters?: RunCounters;
  /** A snapshot to go on from. */
  readonly from?: FoldSnapshot;
  readonly publishes?: boolean;
  readonly recent?: RecentRecorder;
  /** Learns in the place of this thread: of `threadFor`. */
  readonly thread?: LearningThread | null;
}

/** A fold over JSON records with a binary label; features are inferred from the first record. */
export function foldOf({
  model = smallModel,
  counters = createCounters(),
  from,
  publishes = true,
  recent,
  thread = null,
}: FoldParts = {}): Fold {
  const config = checkConfig(
    { source: { file: { path: '-' } }, schema: { target: { type: 'binary' } }, model },
    'test',
  );
  const format = createJsonFormat(schemaSpec(config), config.model.scale);
  const learnerFor = (schema: BoundSchema): Learner => createLearner(learnerSpec(config, schema));
  const resume = from && { learner: learnerFor(from.schema), positions: from.positions, sequence: from.sequence };
  if (resume && from) resume.learner.restore(from.tensors);
  return createFold({
    decoder: createDecoder({ format, schema: from?.schema ?? null, maxRecordBytes: 1000 }),
    createLearner: learnerFor,
    predictions: publishes ? publishedFields : null,
    thread,
    resume: resume ?? null,
    counters,
    ...(recent ? { recent } : {}),
  });
}

/** Learns a chunk and waits for that; gives what came of it. */
export function learnChunk(fold: Fold, chunk: Chunk): Folded {
  const lesson = fold.lesson(chunk);
  lesson.learn(() => {});
  return lesson.finish();
}

/** `count` records: every tenth is broken, every seventh has no label. */
export function recordsOf(count: number): string[] {
  const noise = createNoise(4);
  return Array.from({ length: count }, (_, index) => {
    if (index % 10 === 9) return '{"x":';
    const [x, y] = [noise(), noise()];
    return index % 7 === 6 ? `{"x":${x},"y":${y}}` : `{"x":${x},"y":${y},"label":${x > y ? 1 : 0}}`;
  });
}

/** The records in chunks of a size, from an offset on. */
export function chunksOf(records: readonly string[], size: number, from = 0): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = from; at < records.length; at += size) chunks.push(chunkOf(records.slice(at, at + size), at));
  return chunks;
}

export interface MemorySource extends Source {
  /** Chunks taken so far. */
  readonly pulled: number;
}

/**
 * A source over records; `after` the last one it ends, falls silent until aborted, or fails. What it does and is told
 * goes into `log`.
 */
export function sourceOver(
  records: readonly string[],
  size: number,
  { after = 'end', log = [] }: { after?: 'end' | 'silence' | Error; log?: string[] } = {},
): MemorySource {
  let pulled = 0;
  return {
    name: 'memory',
    origin: 'memory',
    columns: null,
    identity: null,
    get pulled() {
      return pulled;
    },
    async open() {},
    claim: async () => true,
    async *chunks(from, signal) {
      for (const chunk of chunksOf(records, size, from.get(0) ?? 0)) {
        if (signal.aborted) return;
        pulled++;
        yield chunk;
      }
      if (after instanceof Error) throw after;
      if (after === 'silence' && !signal.aborted)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    async acknowledge(positions) {
      log.push(`acknowledge ${positions.get(0)}`);
    },
    async close() {},
  };
}

/** A sink that keeps what it gets; a write takes until `pause` resolves. Flushes go into `log`. */
export function sinkInto(
  kept: OutputRecord[],
  {
    name = 'sink',
    log = [],
    pause = async () => {},
  }: { name?: string; log?: string[]; pause?: () => Promise<void> } = {},
): Sink {
  return {
    name,
    async open() {},
    async write(records) {
      await pause();
      kept.push(...unpacked(records));
      log.push(`write ${name}`);
    },
    async flush() {
      log.push(`flush ${name}`);
      return kept.length;
    },
    async close() {},
  };
}

/** Where in the input an output record's sample was. */
export function offsetOf({ headers }: OutputRecord): number {
  const values = headers.filter(([name]) => name === 'millrace-source' || name === 'millrace-error-offset');
  return Number(Buffer.from(values[0][1]).toString('utf8').split('/').at(-1));
}
