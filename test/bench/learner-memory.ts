// `bench -- learner-memory [--samples N]`: the learner's heap after 50 million samples of 10-32-1, against what it was after
// the first million, both after a garbage collection. Nothing that learning allocates may stay.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLearner } from '../../src/learner/create-learner.ts';
import { randomBlock } from '../kernels/random-spec.ts';
import { benchSpec } from './bench-spec.ts';
import { type BenchOptions, numberOption } from './options.ts';

const rows = 1000;

/** Collects garbage, then says what is left, in bytes. */
function createMemoryGauge(): () => { heap: number; arrayBuffers: number; rss: number } {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return () => {
    // Twice, because what the first one finalises is only then free.
    if (typeof collect === 'function') for (let n = 0; n < 2; n++) collect();
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
    return { heap: heapUsed, arrayBuffers, rss };
  };
}

/** What it takes. */
export const options = ['--samples N'];

/** Runs the bench; half a minute for 50 million samples. */
export function run({ json, rest }: BenchOptions): void {
  const samples = numberOption(rest, '--samples', 50_000_000, 2_000_000);
  const spec = benchSpec({ network: [10, 32, 1], batchSize: 1 });
  const learner = createLearner(spec);
  const blocks = [1, 2, 3, 4].map((seed) => randomBlock(spec, rows, seed));
  const gauge = createMemoryGauge();
  let first = gauge();
  const from = performance.now();
  for (let learnt = 0, b = 0; learnt < samples; learnt += rows, b++) {
    if (learnt === 1_000_000) first = gauge();
    learner.learn(blocks[b % blocks.length]);
  }
  const seconds = (performance.now() - from) / 1000;
  const last = gauge();
  const figures = {
    samples,
    heapAfterMillionBytes: first.heap,
    heapBytes: last.heap,
    grownBytes: last.heap - first.heap,
    arrayBuffersGrownBytes: last.arrayBuffers - first.arrayBuffers,
    rssAfterMillionBytes: first.rss,
    rssBytes: last.rss,
    samplesPerSecond: Math.round(samples / seconds),
  };
  if (json) {
    console.log(JSON.stringify({ bench: 'learner-memory', network: '10-32-1', ...figures }));
    return;
  }
  for (const [name, value] of Object.entries(figures))
    console.log(name.padEnd(24), value.toLocaleString('en').padStart(14));
}
