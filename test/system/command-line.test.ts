// What the commands print, for people and for programs.

import { describe, expect, it } from 'vitest';
import { runMillrace } from '../support/millrace-process.ts';
import { resultOf, settings, temporaryFolder, write } from './support.ts';

const quiet = settings('predictions.file.path=/dev/null', 'deadLetters.file.path=/dev/null');
const phishing = ['run', '-c', 'config/phishing.yaml', ...quiet];

describe('millrace run', { timeout: 60_000 }, () => {
  it('gives one JSON line with `--json`, and the same figures in words without', async () => {
    const result = resultOf(await runMillrace(...phishing, '--json'));
    for (const key of ['samples', 'learned', 'scored', 'rejected', 'replayed', 'seconds', 'modelVersion']) {
      expect(result[key], key).toBeGreaterThanOrEqual(0);
    }
    expect(result).toMatchObject({ samples: 1250, learned: 1250, scored: 0, rejected: 0, replayed: 0 });
    const { code, stdout, stderr } = await runMillrace(...phishing);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(
      /^millrace: 1250 records in [\d.]+ s \(\d+\/s\): 1250 learnt, 0 only predicted, 0 rejected\n/,
    );
    const accuracy = (100 * Number(result.metrics.accuracy)).toFixed(2);
    expect(stderr).toContain(`prequential: loss ${Number(result.metrics.loss).toFixed(4)}, accuracy ${accuracy} %`);
    expect(stderr).toContain(`model version ${result.modelVersion}, weights ${result.weightsDigest}`);
  });

  it('ends after `--samples N`, `--stop-at-end` or the end of a file, whichever comes first', async () => {
    const some = resultOf(await runMillrace(...phishing, '--samples', '123', '--json'));
    expect(some).toMatchObject({ samples: 123, learned: 123 });
    const all = resultOf(await runMillrace(...phishing, '--samples', '9999', '--stop-at-end', '--json'));
    expect(all.samples).toBe(1250);
    const none = await runMillrace(...phishing, '--samples', '0', '--json');
    expect(JSON.parse(none.stdout)).toMatchObject({ samples: 0, modelVersion: 0 });
    const finite = settings('source.synthetic.samples=700', 'http=false', 'checkpoint=false');
    const synthetic = await runMillrace('run', '-c', 'config/demo.yaml', ...finite, '--stop-at-end', '--json');
    expect(resultOf(synthetic).samples).toBe(700);
  });

  it('takes `--set` over the file, the last one of a key, and tells another digest of another seed', async () => {
    const few = ['--samples', '200', '--json'];
    const digest = async (...assignments: string[]) =>
      resultOf(await runMillrace(...phishing, ...settings(...assignments), ...few)).weightsDigest;
    const plain = await digest();
    expect(await digest('model.seed=5', 'model.seed=42')).toBe(plain);
    expect(await digest('model.seed=5')).not.toBe(plain);
  });
});

describe('millrace lint', { timeout: 60_000 }, () => {
  it.each(['payments', 'mini-batch-adam'])('prints %s resolved: what it prints lints to itself', async (name) => {
    const { code, stdout, stderr } = await runMillrace('lint', '-c', `config/${name}.yaml`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const again = write(temporaryFolder(), 'resolved.yaml', stdout);
    expect(await runMillrace('lint', '-c', again)).toMatchObject({ code: 0, stdout });
    const json = await runMillrace('lint', '-c', `config/${name}.yaml`, '--json');
    const jsonAgain = await runMillrace('lint', '-c', again, '--json');
    expect(jsonAgain.stdout).toBe(json.stdout);
    expect(JSON.parse(json.stdout)).toMatchObject({ name, model: { batchSize: expect.any(Number), seed: 42 } });
  });

  it('shows what `--set` makes of a configuration', async () => {
    const set = settings('model.hidden=[4, {units: 2, activation: tanh}]', 'checkpoint.dir=elsewhere');
    const { stdout } = await runMillrace('lint', '-c', 'config/phishing.yaml', ...set, '--json');
    const resolved = JSON.parse(stdout);
    expect(resolved.model.hidden).toEqual([
      expect.objectContaining({ units: 4, activation: 'relu' }),
      expect.objectContaining({ units: 2, activation: 'tanh' }),
    ]);
    expect(resolved.checkpoint).toMatchObject({ dir: 'elsewhere', keep: expect.any(Number) });
  });
});
