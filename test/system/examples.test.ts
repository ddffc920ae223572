// Every example of config/ as a user runs it, from the project's root. A file in config/ that is not tested here fails.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, runMillrace, runMillraceIn, startMillrace } from '../support/millrace-process.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { metricsUrl, type Result, readLines, resultOf, settings, temporaryFolder } from './support.ts';

const brokers = await sharedBroker();
const phishingRows = 1250;

/** Runs an example with what it writes sent to a folder. */
async function runExample(name: string, folder: string, ...more: string[]): Promise<Result> {
  const predictions = settings(`predictions.file.path=${join(folder, `${name}.ndjson`)}`);
  return resultOf(await runMillrace('run', '-c', `config/${name}.yaml`, ...predictions, '--json', ...more));
}

/** The value of a score that this kind of target has. */
function score(value: number | null): number {
  return value ?? Number.NaN;
}

/** How each example is run, and what comes of it. */
const examples: Record<string, () => Promise<void>> = {
  'demo.yaml': async () => {
    const folder = temporaryFolder();
    const away = settings('http.port=0', `checkpoint.dir=${folder}`);
    const result = resultOf(
      await runMillrace('run', '-c', 'config/demo.yaml', ...away, '--samples', '5000', '--json'),
      /metrics at/,
    );
    expect(result).toMatchObject({ samples: 5000, learned: 5000, rejected: 0 });
    expect(score(result.metrics.window.accuracy)).toBeGreaterThan(0.9);
    expect(score(result.metrics.window.accuracy)).toBeGreaterThan(score(result.metrics.baseline.accuracy) + 0.3);
    // At full speed: the example's own pace is 1000 a second.
    expect(result.seconds).toBeLessThan(4);
  },
  'digits.yaml': async () => {
    const folder = temporaryFolder();
    const result = await runExample('digits', folder);
    expect(result).toMatchObject({ samples: 1797, learned: 1797, rejected: 0 });
    expect(score(result.metrics.accuracy)).toBeGreaterThan(0.9);
    const lines = readLines(join(folder, 'digits.ndjson'));
    expect(lines).toHaveLength(1797);
    expect(lines.at(-1)?.probabilities).toEqual(
      Object.fromEntries([...'0123456789'].map((d) => [d, expect.any(Number)])),
    );
  },
  'kafka-drift.yaml': async () => {
    const folder = temporaryFolder();
    const prefix = `example-${randomUUID()}-`;
    const env = { KAFKA_BROKERS: (brokers ?? []).join(','), TOPIC_PREFIX: prefix, CHECKPOINT_DIR: folder };
    const config = ['-c', 'config/kafka-drift.yaml'];
    const produce = (...more: string[]) =>
      runMillraceIn({ env }, 'produce', ...config, '--synthetic', 'hyperplane', '--json', ...more);
    // As docker-compose.yml does it: the topics first, then the records.
    const created = await produce('--create-topics', '1', '--samples', '0');
    expect(created.code, created.stderr).toBe(0);
    expect(JSON.parse(created.stdout)).toMatchObject({ topic: `${prefix}drift`, records: 0 });
    const produced = await produce('--samples', '4000', '--drift-every', '2000');
    expect(produced.code, produced.stderr).toBe(0);
    const run = await runMillraceIn(
      { env },
      ...['run', ...config, ...settings('http.port=0'), '--stop-at-end', '--json'],
    );
    const result = resultOf(run, /metrics at/);
    expect(result).toMatchObject({ samples: 4000, learned: 4000, rejected: 0 });
    expect(score(result.metrics.window.accuracy)).toBeGreaterThan(0.8);
    expect(readdirSync(folder).length).toBeGreaterThan(0);
  },
  'kafka-phishing.yaml': async () => {
    const env = { KAFKA_BROKERS: (brokers ?? []).join(','), TOPIC_PREFIX: `example-${randomUUID()}-` };
    const config = ['-c', 'config/kafka-phishing.yaml'];
    const from = ['--from', 'config/data/phishing.csv', '--create-topics', '1'];
    const produced = await runMillraceIn({ env }, 'produce', ...config, ...from, '--json');
    expect(produced.code, produced.stderr).toBe(0);
    expect(JSON.parse(produced.stdout)).toMatchObject({ topic: `${env.TOPIC_PREFIX}phishing`, records: phishingRows });
    const folder = temporaryFolder();
    const away = settings('http.port=0', `checkpoint.dir=${folder}`);
    const run = await runMillraceIn({ env }, 'run', ...config, ...away, '--stop-at-end', '--json');
    const fromTopic = resultOf(run, /metrics at/);
    expect(fromTopic).toMatchObject({ samples: phishingRows, learned: phishingRows, rejected: 0 });
    const fromFile = await runExample('phishing', folder);
    expect(fromTopic.weightsDigest).toBe(fromFile.weightsDigest);
    expect(fromTopic.metrics).toEqual(fromFile.metrics);
  },
  'mini-batch-adam.yaml': async () => {
    const folder = temporaryFolder();
    const result = await runExample('mini-batch-adam', folder);
    // A step after every 32 samples: the last 16 wait for theirs, their predictions do not.
    expect(result).toMatchObject({ samples: 50_000, modelVersion: Math.floor(50_000 / 32) });
    expect(readLines(join(folder, 'mini-batch-adam.ndjson'))).toHaveLength(50_000);
    expect(score(result.metrics.window.rmse)).toBeLessThan(0.35 * score(result.metrics.baseline.rmse));
  },
  'payments.yaml': async () => {
    const stdin = readFileSync(join(root, 'config/data/payments.ndjson'), 'utf8');
    const dead = join(temporaryFolder(), 'dead.ndjson');
    const away = settings(`deadLetters.file.path=${dead}`);
    const { code, stdout, stderr } = await runMillraceIn({ stdin }, 'run', '-c', 'config/payments.yaml', ...away);
    expect(code, stderr).toBe(0);
    const inputs = stdin.trimEnd().split('\n');
    const unlabelled = inputs.filter((line) => !('fraud' in JSON.parse(line))).length;
    expect(unlabelled).toBeGreaterThan(0);
    expect(stderr).toContain(`${inputs.length - unlabelled} learnt, ${unlabelled} only predicted, 0 rejected`);
    const outputs = stdout.trimEnd().split('\n');
    expect(outputs).toHaveLength(inputs.length);
    for (const line of outputs) expect(['no', 'yes']).toContain(JSON.parse(line).prediction);
    expect(readFileSync(dead, 'utf8')).toBe('');
  },
  'phishing-scorer.yaml': async () => {
    const folder = temporaryFolder();
    const dir = settings(`checkpoint.dir=${folder}`);
    await runExample('phishing', folder, ...dir, ...settings(`deadLetters.file.path=${folder}/dead.ndjson`));
    const scorer = ['run', '-c', 'config/phishing-scorer.yaml', '--role', 'scorer', ...dir, ...settings('http.port=0')];
    const { child, stderr, finished } = startMillrace(...scorer);
    const base = await metricsUrl(stderr);
    const columns = readFileSync(join(root, 'config/data/phishing.csv'), 'utf8').split('\n', 1)[0].split(',');
    const inputs = columns
      .filter((name) => name !== 'is_phishing')
      .map((name) => ({ name, shape: [1, 1], datatype: 'FP32', data: [0.5] }));
    const reply = await fetch(new URL('/v2/models/phishing/infer', base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    });
    expect(reply.status).toBe(200);
    const answer: { model_version: string; outputs: { name: string; data: number[] }[] } = Object(await reply.json());
    // A step for each row at least: what it serves is what was learnt.
    expect(Number(answer.model_version)).toBeGreaterThanOrEqual(phishingRows);
    expect(answer.outputs.find(({ name }) => name === 'prediction')?.data).toEqual([expect.toBeOneOf([0, 1])]);
    child.kill('SIGTERM');
    expect((await finished).code).toBe(0);
  },
  'phishing.yaml': async () => {
    const folder = temporaryFolder();
    const result = await runExample('phishing', folder, ...settings(`deadLetters.file.path=${folder}/dead.ndjson`));
    expect(result).toMatchObject({ samples: phishingRows, learned: phishingRows, rejected: 0 });
    expect(score(result.metrics.accuracy)).toBeGreaterThanOrEqual(0.87);
    const lines = readLines(join(folder, 'phishing.ndjson'));
    // The file tells the same accuracy as the result: each row was predicted before it was learnt.
    const right = lines.filter(({ prediction, label }) => prediction === label).length;
    expect(right / phishingRows).toBeCloseTo(score(result.metrics.accuracy), 12);
  },
  'trump-approval.yaml': async () => {
    const folder = temporaryFolder();
    const result = await runExample('trump-approval', folder);
    expect(result).toMatchObject({ samples: 1001, learned: 1001, rejected: 0 });
    const errors = readLines(join(folder, 'trump-approval.ndjson')).map(
      ({ prediction, label }) => Number(prediction) - Number(label),
    );
    const rmseOf = (values: readonly number[]) => Math.sqrt(values.reduce((sum, e) => sum + e * e, 0) / values.length);
    expect(rmseOf(errors)).toBeCloseTo(score(result.metrics.rmse), 4);
    // The running mean has 1.71 on these rows; ratings lie between 36 and 45.
    expect(rmseOf(errors.slice(100))).toBeLessThan(0.7);
  },
  'xor.yaml': async () => {
    // Its loss is held to the textbook's in xor.test.ts; here a hundredth of it runs.
    const result = await runExample('xor', temporaryFolder(), ...settings('source.file.epochs=100'));
    expect(result).toMatchObject({ samples: 400, learned: 400, modelVersion: 100 });
  },
};

const files = readdirSync(join(root, 'config')).filter((name) => /\.ya?ml$/.test(name));

describe('the examples of config/', { timeout: 60_000 }, () => {
  it('are all tested here, and told of in the README', () => {
    expect(files).toEqual(Object.keys(examples));
    const readme = readFileSync(join(root, 'config/README.md'), 'utf8');
    expect(files.filter((name) => !readme.includes(`[${name}](${name})`))).toEqual([]);
  });

  it.each(files)('%s names the schema for editors, and lints clean', async (name) => {
    expect(readFileSync(join(root, 'config', name), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=schema\.json\n/,
    );
    const { code, stderr } = await runMillrace('lint', '-c', `config/${name}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  for (const [name, check] of Object.entries(examples)) {
    it.skipIf(name.startsWith('kafka') && !brokers)(`${name} runs`, check);
  }
});
