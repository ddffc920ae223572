// Checkpoints that are damaged, of another network, or cannot be written: what the next start makes of them, and says.

import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Finished, runMillrace } from '../support/millrace-process.ts';
import { checkpointsIn, failureOf, resultOf, settings, temporaryFolder, write } from './support.ts';

const name = 'config/phishing.yaml';
const rows = 1250;
/** One sample, one step: no running gradient in the state. */
const model = 'model.optimizer={type: sgd, learningRate: 0.05}';

interface Kept {
  readonly folder: string;
  readonly predictions: string;
  run(...more: string[]): Promise<Finished>;
}

/** The phishing example with checkpoints, stopped twice on its way: at records 300 and 700. */
async function keepTwo(): Promise<Kept> {
  const folder = temporaryFolder();
  const predictions = join(folder, 'predictions.ndjson');
  const away = settings(
    model,
    `predictions.file.path=${predictions}`,
    `deadLetters.file.path=${join(folder, 'dead.ndjson')}`,
    `checkpoint.dir=${folder}`,
  );
  const run = (...more: string[]) => runMillrace('run', '-c', name, ...away, '--json', ...more);
  expect(resultOf(await run('--samples', '300'))).toMatchObject({ samples: 300 });
  const second = resultOf(await run('--samples', '400'), /: 300 records, model version/);
  expect(second).toMatchObject({ samples: 400 });
  expect(checkpointsIn(folder)).toHaveLength(2);
  return { folder, predictions, run };
}

/** The digest of the example without a stop. */
async function untouchedDigest(): Promise<string> {
  const set = settings(model, 'predictions.file.path=/dev/null', 'deadLetters.file.path=/dev/null');
  return resultOf(await runMillrace('run', '-c', name, ...set, '--json')).weightsDigest;
}

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] ^= 1;
  writeFileSync(path, bytes);
}

describe('a damaged checkpoint', { timeout: 60_000 }, () => {
  it.each([
    ['truncated', (path: string) => truncateSync(path, 1000)],
    ['of no bytes', (path: string) => truncateSync(path, 0)],
    ['with one bit flipped', (path: string) => flipBit(path, readFileSync(path).length - 100)],
    ['with one bit of its header flipped', (path: string) => flipBit(path, 40)],
  ])('%s is named and passed over for the one before', async (_how, damage) => {
    const { folder, predictions, run } = await keepTwo();
    const [, newest] = checkpointsIn(folder);
    damage(newest);
    const resumed = await run();
    expect(resumed.stderr).toContain(`checkpoint ${newest} is damaged (`);
    expect(resumed.stderr).toMatch(/going on from checkpoint \S+-0*300\.safetensors: 300 records/);
    const result = resultOf(resumed, /passing over it to the one before/);
    expect(result.samples).toBe(rows - 300);
    expect(result.weightsDigest).toBe(await untouchedDigest());
    expect(readFileSync(predictions, 'utf8').trimEnd().split('\n')).toHaveLength(rows);
  });
});

describe('when every checkpoint is damaged', { timeout: 60_000 }, () => {
  it('all is learnt again from the beginning, which is said', async () => {
    const { folder, predictions, run } = await keepTwo();
    for (const path of checkpointsIn(folder)) truncateSync(path, 1000);
    const result = resultOf(await run(), /no sound checkpoint is left: learning from the beginning\n$/);
    expect(result).toMatchObject({ samples: rows, weightsDigest: await untouchedDigest() });
    expect(readFileSync(predictions, 'utf8').trimEnd().split('\n')).toHaveLength(rows);
  });
});

describe('a checkpoint of another configuration', { timeout: 60_000 }, () => {
  it('is refused with both sides shown, and neither it nor the output is touched', async () => {
    const { folder, predictions, run } = await keepTwo();
    const before = [...checkpointsIn(folder), predictions].map((path) => readFileSync(path));
    const network = failureOf(await run(...settings('model.hidden=5')));
    expect(network.code).toBe(1);
    expect(network.text).toMatch(/checkpoint: +9-32 relu-1 sigmoid\n +configuration: +9-5 relu-1 sigmoid\n/);
    const input = write(folder, 'other.csv', readFileSync('config/data/phishing.csv'));
    const other = failureOf(await run(...settings(`source.file.path=${input}`)));
    expect(other.code).toBe(1);
    expect(other.text).toContain('config/data/phishing.csv');
    expect(other.text).toContain(input);
    expect([...checkpointsIn(folder), predictions].map((path) => readFileSync(path))).toEqual(before);
  });

  it('may differ in what holds no state, which is said; else the array that is lacking is named', async () => {
    const { run } = await keepTwo();
    const clipped = failureOf(await run(...settings('model.clipNorm=3')));
    expect(clipped.code).toBe(1);
    expect(clipped.text).toMatch(/checkpoint array \S+ is missing.*\n.*\[checkpoint-mismatch\]/);
    const changed = await run(...settings('model.seed=7'));
    const words = /the configuration has changed: seed: 42 in the checkpoint, 7 in the configuration/;
    expect(resultOf(changed, words)).toMatchObject({ samples: rows - 700 });
  });
});

describe('a checkpoint that its outputs or its input no longer fit', { timeout: 60_000 }, () => {
  it('is not gone on from: a shortened output or input is named', async () => {
    const { folder, predictions, run } = await keepTwo();
    const whole = readFileSync(predictions);
    truncateSync(predictions, 10);
    const shrunk = failureOf(await run());
    expect(shrunk.code).toBe(1);
    expect(shrunk.text).toContain(`${predictions} has 10 bytes, but the checkpoint vouches for ${whole.length}`);
    writeFileSync(predictions, whole);
    const input = write(folder, 'short.csv', readFileSync('config/data/phishing.csv'));
    const own = settings(`source.file.path=${input}`, `checkpoint.dir=${join(folder, 'own')}`);
    resultOf(await run(...own, '--samples', '500'));
    const lines = readFileSync(input, 'utf8').split('\n');
    writeFileSync(input, `${lines.slice(0, 101).join('\n')}\n`);
    const short = failureOf(await run(...own));
    expect(short.code).toBe(1);
    expect(short.text).toContain(`${input} has 100 records, but the checkpoint resumes at record 500`);
  });
});

describe('what cannot be written', () => {
  it.each([
    ['checkpoints below a file', 'checkpoint.dir=config/README.md/kept', 'cannot keep checkpoints in config/README.md'],
    [
      'checkpoints where no folder can be',
      'checkpoint.dir=/proc/millrace',
      'cannot keep checkpoints in /proc/millrace',
    ],
    ['predictions below a file', 'predictions.file.path=config/README.md/p', 'Cannot write config/README.md/p: '],
    ['predictions where no file can be', 'predictions.file.path=/proc/millrace/p', 'Cannot write /proc/millrace/p: '],
    ['predictions on a full disk', 'predictions.file.path=/dev/full', 'Free some space and start again'],
    ['predictions over a folder', 'predictions.file.path=config', 'Cannot write config: '],
  ])('%s', async (_what, assignment, message) => {
    const quiet = settings('predictions.file.path=/dev/null', 'deadLetters.file.path=/dev/null');
    const { code, text } = failureOf(await runMillrace('run', '-c', name, ...quiet, '--set', assignment, '--json'));
    expect(code).toBe(1);
    expect(text).toContain(message);
  });
});
