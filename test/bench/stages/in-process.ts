// The way of all fetches as a run goes it, in one thread, with a clock between the stages.

import { createRecordBatch } from '../../../src/kafka/wire/record-batch.ts';
import { createCounters } from '../../../src/pipeline/counters.ts';
import { createRecent } from '../../../src/pipeline/recent.ts';
import { batchBytes, chunkOf, createParts } from './parts.ts';

const rounds = 60;

const stages = ['read', 'decode', 'learn', 'count', 'encode', 'write', 'seal', 'digest'] as const;
type Stage = (typeof stages)[number];
/** Milliseconds by stage. */
export type Costs = Record<Stage, number>;

/** What the stages of the cheapest of many rounds took. */
export function cheapestRound(fetched: readonly Buffer[], features: number): Costs {
  const pass = createPass(features);
  let best = pass(fetched);
  for (let round = 1; round < rounds; round++) {
    const costs = pass(fetched);
    if (totalOf(costs) < totalOf(best)) best = costs;
  }
  return best;
}

/** Milliseconds of all stages. */
export function totalOf(costs: Costs): number {
  return stages.reduce((sum, stage) => sum + costs[stage], 0);
}

function createPass(features: number): (fetched: readonly Buffer[]) => Costs {
  const { schema, decoder, learner, encode } = createParts(features);
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
      const chunk = timed('read', () => chunkOf(bytes));
      const block = timed('decode', () => decoder.decode(chunk));
      const outcome = timed('learn', () => learner.learn(block));
      timed('count', () => {
        counters.countLosses(outcome.losses, block);
        counters.countChunk(chunk, block);
        recent.note(chunk, block, outcome, schema);
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
