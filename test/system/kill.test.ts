// The main promise, on files: a run killed with SIGKILL at any points and started again ends with the weights, the
// predictions and the dead letters of a run that nobody touched, byte for byte.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type MillraceProcess, runMillrace, startMillrace } from '../support/millrace-process.ts';
import { checkpointsIn, type Result, resultOf, settings, temporaryFolder, write } from './support.ts';

const rows = 3000;
const epochs = 5;
const kills = 12;
/** Records from one checkpoint to the next: a chunk of a file. */
const every = 1000;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Learnable rows, every 53rd without a label, every 97th with a word for a number. */
function makeRows(format: 'csv' | 'ndjson'): string {
  const random = randomNumbers(7);
  const lines = Array.from({ length: rows }, (_, index) => {
    const [a, b] = [random() * 10, random() - 0.5];
    const label = index % 53 === 0 ? null : Number(a / 10 + b > 0.5);
    const first = index % 97 === 0 ? 'much' : a;
    return format === 'csv' ? `${first},${b},${label ?? ''}` : JSON.stringify({ a: first, b, label });
  });
  return `${format === 'csv' ? 'a,b,label\n' : ''}${lines.join('\n')}\n`;
}

interface Setup {
  readonly args: readonly string[];
  readonly predictions: string;
  readonly deadLetters: string;
  readonly checkpoints: string;
}

/** A run over the input with outputs and checkpoints of its own. */
function setUp(folder: string, config: string, name: string): Setup {
  const predictions = join(folder, `${name}-predictions.ndjson`);
  const deadLetters = join(folder, `${name}-dead.ndjson`);
  const checkpoints = join(folder, name);
  const away = settings(
    `predictions.file.path=${predictions}`,
    `deadLetters.file.path=${deadLetters}`,
    `checkpoint.dir=${checkpoints}`,
    `checkpoint.everySamples=${every}`,
  );
  return { args: ['run', '-c', config, ...away, '--json'], predictions, deadLetters, checkpoints };
}

/** Records that the newest checkpoint of a folder vouches for. */
function vouchedFor(folder: string): number {
  const newest = existsSync(folder) ? checkpointsIn(folder).at(-1) : undefined;
  return Number(newest?.match(/-(\d+)\.safetensors$/)?.[1] ?? 0);
}

/** Lets a run that has been killed before get going, and so many records further; then kills it. */
async function killAfter(run: MillraceProcess, setup: Setup, records: number, delayMs: number): Promise<boolean> {
  const start = vouchedFor(setup.checkpoints);
  let hasEnded = false;
  run.child.once('exit', () => {
    hasEnded = true;
  });
  const isUnderWay = () =>
    (start === 0 || run.stderr().includes('going on from checkpoint')) &&
    vouchedFor(setup.checkpoints) >= start + records;
  while (!hasEnded && !isUnderWay()) await sleep(1);
  await sleep(delayMs);
  run.child.kill('SIGKILL');
  return (await run.finished).signal === 'SIGKILL';
}

/** Kills again and again, then lets one run end; gives its result and the number of kills. */
async function runThroughKills(setup: Setup, seed: number): Promise<{ result: Result; killed: number }> {
  const random = randomNumbers(seed);
  let killed = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const records = Math.floor(random() * 2) * every;
    if (await killAfter(startMillrace(...setup.args), setup, records, random() * 8)) killed += 1;
  }
  return { result: resultOf(await runMillrace(...setup.args), /going on from checkpoint/), killed };
}

describe('a run over files that is killed again and again', { timeout: 120_000 }, () => {
  it.each([
    ['CSV', 'csv', 3],
    ['NDJSON', 'ndjson', 4],
  ] as const)('ends as if nobody had touched it: %s', async (_name, format, seed) => {
    const folder = temporaryFolder();
    const input = write(folder, `rows.${format}`, makeRows(format));
    const config = write(
      folder,
      'kill.yaml',
      `source: { file: { path: ${input}, epochs: ${epochs} } }
schema: { features: [a, b], target: { from: label, type: binary } }
model:
  hidden: [{ units: 8, activation: tanh, dropout: 0.1 }]
  optimizer: { type: adam, learningRate: 0.01 }
  batchSize: 3
  rehearsal: { perSample: 2, buffer: 500, until: 12000 }
predictions: { include: [label, loss], file: { path: none } }
deadLetters: { file: { path: none } }
http: false
`,
    );
    const whole = setUp(folder, config, 'whole');
    const wholeResult = resultOf(await runMillrace(...whole.args));
    const bad = Math.ceil(rows / 97) * epochs;
    expect(wholeResult).toMatchObject({ samples: rows * epochs, rejected: bad });

    const killed = setUp(folder, config, 'killed');
    const { result, killed: count } = await runThroughKills(killed, seed);
    expect(count).toBeGreaterThanOrEqual(10);
    expect(result.samples).toBeLessThan(rows * epochs);
    expect(result.weightsDigest).toBe(wholeResult.weightsDigest);
    expect(result.modelVersion).toBe(wholeResult.modelVersion);
    expect(result.metrics).toEqual(wholeResult.metrics);
    expect(readFileSync(killed.predictions).equals(readFileSync(whole.predictions))).toBe(true);
    expect(readFileSync(killed.deadLetters).equals(readFileSync(whole.deadLetters))).toBe(true);
    expect(readFileSync(whole.deadLetters, 'utf8').trimEnd().split('\n')).toHaveLength(bad);
  });
});
