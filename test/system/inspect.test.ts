// `millrace inspect` as users run it: what a run told of itself, read from its checkpoint alone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runMillrace } from '../support/millrace-process.ts';
import { checkpointsIn, failureOf, resultOf, settings, temporaryFolder, write } from './support.ts';

/** The result of a run, and its newest checkpoint. */
async function trained(config: string, ...assignments: string[]) {
  const folder = temporaryFolder();
  const outputs = ['predictions.file.path=/dev/null', 'deadLetters.file.path=/dev/null', `checkpoint.dir=${folder}`];
  const result = resultOf(await runMillrace('run', '-c', config, ...settings(...outputs, ...assignments), '--json'));
  return { folder, result, checkpoint: checkpointsIn(folder).at(-1) ?? '' };
}

const reportSchema = z.looseObject({
  inputs: z.array(z.object({ name: z.string(), strength: z.number(), share: z.number() })),
  layers: z.array(z.looseObject({ units: z.int(), norm: z.number(), deadUnits: z.int().nullable() })),
});

async function reportOf(checkpoint: string) {
  const { code, stdout, stderr } = await runMillrace('inspect', checkpoint, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return reportSchema.parse(JSON.parse(stdout));
}

describe('millrace inspect', { timeout: 60_000 }, () => {
  it('tells with `--json` what the run told, and the inputs by their columns’ names', async () => {
    const { result, checkpoint } = await trained(
      'config/payments.yaml',
      'source.file.path=config/data/payments.ndjson',
    );
    const before = readFileSync(checkpoint);
    const report = await reportOf(checkpoint);
    expect(report).toMatchObject({
      path: checkpoint,
      bytes: before.length,
      name: 'payments',
      sequence: result.samples,
      counts: { learned: result.learned, scored: result.scored, rejected: result.rejected },
      modelVersion: result.modelVersion,
      weightsDigest: result.weightsDigest,
      metrics: result.metrics,
    });
    expect(readFileSync(checkpoint)).toEqual(before);
    const names = report.inputs.map(({ name }) => name);
    expect(names).toContain('amount');
    expect(names.some((name) => /^country=[A-Z]{2}$/.test(name))).toBe(true);
    const strengths = report.inputs.map(({ strength }) => strength);
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    expect(report.inputs.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    for (const { deadUnits } of report.layers.slice(0, -1)) expect(deadUnits).toBeGreaterThanOrEqual(0);
  });

  it('finds the input that the label is made of', async () => {
    const folder = temporaryFolder();
    const rows = Array.from({ length: 600 }, (_, i) => {
      const cells = [Math.sin(i * 1.7), Math.sin(i * 2.3), Math.sin(i * 0.9)];
      return [...cells, cells[1] > 0 ? 1 : 0].join(',');
    });
    const input = write(folder, 'in.csv', ['a,b,c,label', ...rows].join('\n'));
    const own = [`source.file.path=${input}`, 'schema.target.from=label'];
    const { checkpoint } = await trained('config/phishing.yaml', ...own);
    const { inputs } = await reportOf(checkpoint);
    expect(inputs[0].name).toBe('b');
    expect(inputs[0].share).toBeGreaterThan(1.5 * inputs[1].share);
  });

  it('tells the same in words', async () => {
    const { result, checkpoint } = await trained('config/phishing.yaml', 'model.rehearsal=false', 'model.batchSize=8');
    const { code, stdout, stderr } = await runMillrace('inspect', checkpoint);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const words of [
      `checkpoint  ${checkpoint}`,
      `model       phishing, version ${result.modelVersion}`,
      `weights     ${result.weightsDigest}`,
      '1250 records (1250 learnt, 0 only predicted, 0 rejected)',
      'positions   next by partition: 0: 1250',
      'network     9-32 relu-1 sigmoid',
      'dead units  not known',
      'optimiser   adam, next rate ',
      '2 of 8 samples of the next batch',
      'rehearsal   off',
    ])
      expect(stdout).toContain(words);
    expect(stdout).toMatch(/accuracy +0\.\d+ +0\.\d+ +0\.\d+ +0\.5552 /);
    expect(stdout).toMatch(/\ninputs {6}\w+ +[\d.]+ % █/);
    expect(stdout).not.toContain('undefined');
  });

  it('says what is wrong with a file that is damaged, cut, foreign or not there', async () => {
    const { folder, checkpoint } = await trained('config/xor.yaml');
    const bytes = readFileSync(checkpoint);
    const flipped = Uint8Array.from(bytes);
    flipped[bytes.length - 9] ^= 1;
    const cases: [path: string, words: RegExp][] = [
      [write(folder, 'flipped', flipped), /its SHA-256 does not match/],
      [write(folder, 'cut', bytes.subarray(0, 1000)), /cannot load checkpoint/],
      ['README.md', /cannot load checkpoint README\.md/],
      [join(folder, 'none'), /no such file/],
      [folder, /cannot load checkpoint/],
    ];
    for (const [path, words] of cases) {
      const failed = failureOf(await runMillrace('inspect', path));
      expect(failed.text).toMatch(words);
      expect(failed.text).toContain(path);
      expect(failed.code).toBe(1);
    }
  });
});
