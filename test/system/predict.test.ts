// `millrace predict` as users run it: the stream's own bits from a checkpoint that stays as it was, whatever the file is.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { main, root, runMillrace, runMillraceIn, startMillraceIn } from '../support/millrace-process.ts';
import { checkpointsIn, failureOf, readLines, settings, temporaryFolder, write } from './support.ts';

const [header, ...rows] = readFileSync(join(root, 'config/data/phishing.csv'), 'utf8').trimEnd().split('\n');
const unlabelled = rows.slice(1000).map((row) => row.replace(/[^,]*$/, ''));

/** Configuration arguments with a checkpoint of the first 1000 rows in a folder of its own. */
async function trained() {
  const folder = temporaryFolder();
  const input = write(folder, 'stream.csv', [header, ...rows.slice(0, 1000), ...unlabelled].join('\n'));
  const predictions = join(folder, 'stream.ndjson');
  const config = [
    ...['-c', 'config/phishing.yaml'],
    ...settings(`source.file.path=${input}`, `predictions.file.path=${predictions}`, `checkpoint.dir=${folder}`),
  ];
  expect((await runMillrace('run', ...config, '--samples', '1000')).code).toBe(0);
  const [checkpoint] = checkpointsIn(folder);
  return { folder, config, predictions, checkpoint };
}

const resultSchema = z.looseObject({
  samples: z.int(),
  scored: z.int(),
  labelled: z.int(),
  rejected: z.int(),
  seconds: z.number().nonnegative(),
  modelVersion: z.int(),
  checkpoint: z.string(),
  metrics: z.looseObject({ loss: z.number(), accuracy: z.number() }).nullable(),
});

const canScript = spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0;
if (!canScript) console.warn('SKIPPED: no `script` is here to make a pseudo-terminal with');

describe('millrace predict', { timeout: 60_000 }, () => {
  it('writes, to the last bit, what the stream writes for records without a label, and changes no checkpoint', async () => {
    const { folder, config, predictions, checkpoint } = await trained();
    const before = { bytes: readFileSync(checkpoint), at: statSync(checkpoint).mtimeMs };
    const file = write(folder, 'new.csv', [header, ...unlabelled].join('\n'));
    const scored = await runMillrace('predict', ...config, '--in', file);
    expect(scored.code, scored.stderr).toBe(0);
    expect(scored.stderr).toMatch(
      /^millrace: 250 records in [\d.]+ s \(\d+\/s\): 250 predicted, 0 rejected\nmodel version \d+/,
    );
    expect({ bytes: readFileSync(checkpoint), at: statSync(checkpoint).mtimeMs }).toEqual(before);
    expect(checkpointsIn(folder)).toEqual([checkpoint]);

    expect((await runMillrace('run', ...config)).code).toBe(0);
    const streamed = readFileSync(predictions, 'utf8').trimEnd().split('\n').slice(1000);
    expect(scored.stdout.trimEnd().split('\n')).toEqual(streamed);
  });

  it('tells with `--json` how good the predictions of labelled records are, and keeps what does not fit', async () => {
    const { folder, config, checkpoint } = await trained();
    const file = write(folder, 'new.csv', [header, ...rows.slice(1000), 'not,a,row'].join('\n'));
    const [out, letters] = [join(folder, 'out.ndjson'), join(folder, 'letters.ndjson')];
    const withLoss = settings('predictions.include=[label, loss]');
    const files = ['--in', file, '--out', out, '--dead-letters', letters];
    const { code, stdout, stderr } = await runMillrace('predict', ...config, ...withLoss, ...files, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = resultSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ samples: 251, scored: 250, labelled: 250, rejected: 1, checkpoint });
    expect(result.rejectedByReason).toEqual({ 'wrong-arity': 1 });
    const lines = readLines(out);
    expect(lines).toHaveLength(250);
    const right = lines.filter(({ prediction, label }) => prediction === label).length;
    expect(result.metrics?.accuracy).toBeCloseTo(right / 250, 12);
    const losses = lines.reduce((sum, { loss }) => sum + Number(loss), 0);
    expect(result.metrics?.loss).toBeCloseTo(losses / 250, 6);
    // A frozen model: one version for all of them.
    expect(new Set(lines.map(({ modelVersion }) => modelVersion))).toEqual(new Set([result.modelVersion]));
    expect(readLines(letters)).toMatchObject([{ value: 'not,a,row', error: { code: 'wrong-arity' } }]);
  });

  it('reads NDJSON from standard input, with a checkpoint named, and draws nothing where there is no terminal', async () => {
    const { config, checkpoint } = await trained();
    const names = header.split(',');
    const json = rows.slice(1000, 1010).map((row) => {
      const cells = row.split(',').map(Number);
      return JSON.stringify(Object.fromEntries(names.slice(0, -1).map((name, i) => [name, cells[i]])));
    });
    const elsewhere = settings(`checkpoint.dir=${temporaryFolder()}`);
    const args = ['predict', ...config, ...elsewhere, '--from', checkpoint, '--in', '-'];
    const { code, stdout, stderr } = await runMillraceIn({ stdin: json.join('\n') }, ...args);
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(10);
    for (const drawn of ['\u001b', '\r', '█']) expect(stderr).not.toContain(drawn);
  });

  it.skipIf(!canScript)('shows on a terminal how far it has come, and takes that away', async () => {
    const { config } = await trained();
    const args = ['predict', ...config, '--in', 'config/data/phishing.csv', '--out', '/dev/null'];
    const command = [process.execPath, main, ...args].map((word) => `'${word}'`).join(' ');
    const terminal = ['-qec', `stty cols 120; exec ${command}`, '/dev/null'];
    const { stdout, status } = spawnSync('script', terminal, { cwd: root, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/\[K[█─]{24} {1,3}\d+ % · 1,\d{3} records · [\d,]+\/s/);
    // Erased before the result is told.
    expect(stdout).toMatch(/records · [\d,]+\/s\r.\[Kmillrace: 1250 records in/);
  });

  it('is told to end: what came so far is written, and the exit code says that it is not all', async () => {
    const { config } = await trained();
    const { child, finished } = startMillraceIn({ leaveStdin: true }, 'predict', ...config, '--in', '-');
    let seen = '';
    child.stdout?.on('data', (part) => {
      seen += part;
    });
    const names = header.split(',').slice(0, -1);
    child.stdin?.write(`${JSON.stringify(Object.fromEntries(names.map((name) => [name, 0])))}\n`);
    await expect.poll(() => seen, { timeout: 20_000 }).toContain('"prediction"');
    child.kill('SIGTERM');
    expect((await finished).code).toBe(1);
  });

  it('writes over nothing that it reads, whatever its name, and no two things into one file', async () => {
    const { folder, config, checkpoint } = await trained();
    const file = write(folder, 'in.csv', [header, ...unlabelled].join('\n'));
    const link = join(folder, 'link.csv');
    symlinkSync(file, link);
    const held = () => [file, checkpoint].map((path) => readFileSync(path, 'base64'));
    const before = held();
    const both = join(folder, 'both.ndjson');
    const cases = [
      { args: ['--out', file], says: '--out is the same file as --in' },
      { args: ['--out', link], says: '--out is the same file as --in' },
      { args: ['--from', checkpoint, '--out', checkpoint], says: '--out is the same file as the checkpoint' },
      { args: ['--out', both, '--dead-letters', both], says: '--dead-letters is the same file as --out' },
    ];
    for (const { args, says } of cases) {
      const { code, stderr } = await runMillrace('predict', ...config, '--in', file, ...args);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
    }
    expect(held()).toEqual(before);
    expect(existsSync(both)).toBe(false);
  });

  it('tells what is wrong with what it is given', async () => {
    const { config } = await trained();
    const cases: [args: string[], code: number, words: RegExp][] = [
      [settings('checkpoint.dir=/nowhere'), 1, /is no sound checkpoint of 'phishing'/],
      [settings('checkpoint=false'), 1, /the configuration keeps no checkpoints/],
      [['--from', 'config/phishing.yaml'], 1, /cannot load checkpoint config\/phishing\.yaml/],
      [settings('model.hidden=[3]'), 1, /is not of this configuration:\n {2}network:/],
      [['--in', '/nowhere.csv'], 1, /Cannot read \/nowhere\.csv/],
      [['--json', '--out', '-'], 2, /both want standard output/],
    ];
    for (const [args, code, words] of cases) {
      const failed = failureOf(await runMillrace('predict', ...config, '--in', 'config/data/phishing.csv', ...args));
      expect(failed.text).toMatch(words);
      expect(failed.code, failed.text).toBe(code);
    }
  });
});
