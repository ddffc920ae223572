// float32 records as a user has them: whatever carries a sample, file or topic, text or bare numbers, the weights are the same.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { root, runMillrace } from '../support/millrace-process.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { readLines, resultOf, temporaryFolder, write } from './support.ts';

const brokers = (await sharedBroker()) ?? [];

/** 500 samples of float32-exact numbers: a may be missing, b is true or false; every seventh has no label. */
const samples = Array.from({ length: 500 }, (_, index) => {
  const [a, c] = [(index * 37) % 64, (index * 91) % 128].map((number) => number / 8 - 4);
  const b = index % 3 === 0;
  const label = index % 7 === 0 ? null : a * c > (b ? 1 : 0) ? 'yes' : 'no';
  return { a: index % 11 === 0 ? null : a, b, c, label };
});

function float32File(path: string): Buffer {
  const numbers = samples.flatMap(({ a, b, c, label }) => [
    a ?? Number.NaN,
    b ? 1 : 0,
    c,
    label === null ? Number.NaN : label === 'yes' ? 1 : 0,
  ]);
  const bytes = Buffer.from(Float32Array.from(numbers).buffer);
  writeFileSync(path, bytes);
  return bytes;
}

/** Configuration arguments over a file, with outputs and checkpoints beside it. */
function configure(folder: string, name: string, source: string): string[] {
  const lines = [
    `source: { file: ${source} }`,
    'schema:',
    '  features: [{ name: a, missing: mean }, { name: b, type: boolean }, c]',
    "  target: { type: binary, classes: ['no', 'yes'] }",
    `predictions: { file: { path: ${join(folder, `${name}.out`)} }, include: [label, loss] }`,
    `deadLetters: { file: { path: ${join(folder, `${name}.dead`)} } }`,
    `checkpoint: { dir: ${join(folder, name)} }`,
    'http: false',
  ];
  return ['-c', write(folder, `${name}.yaml`, lines.join('\n'))];
}

describe('a float32 file', { timeout: 60_000 }, () => {
  it('gives the predictions and weights that the same numbers give as text', async () => {
    const folder = temporaryFolder();
    const text = samples.map((sample) => JSON.stringify(sample)).join('\n');
    const asText = configure(folder, 'text', `{ path: ${write(folder, 'in.ndjson', text)} }`);
    const input = join(folder, 'in.f32');
    const bytes = float32File(input);
    const asNumbers = configure(folder, 'numbers', `{ path: ${input}, format: float32 }`);
    const wanted = resultOf(await runMillrace('run', ...asText, '--json'));
    expect(wanted).toMatchObject({ samples: 500, rejected: 0 });

    const found = resultOf(await runMillrace('run', ...asNumbers, '--json'));
    expect(found).toMatchObject({ samples: 500, rejected: 0, weightsDigest: wanted.weightsDigest });
    expect(readLines(join(folder, 'numbers.out'))).toEqual(readLines(join(folder, 'text.out')));

    // Cut short, its last record has no label, which a record of a file always has.
    const cut = write(folder, 'cut.f32', bytes.subarray(0, bytes.length - 4));
    const dead = join(folder, 'cut.dead');
    const how = ['--format', 'float32', '--dead-letters', dead, '--json'];
    const predicted = await runMillrace('predict', ...asNumbers, '--in', cut, ...how);
    expect(JSON.parse(predicted.stdout)).toMatchObject({
      scored: 499,
      rejected: 1,
      weightsDigest: wanted.weightsDigest,
    });
    const message = "the record has 12 bytes, that is 3 numbers; the schema's 3 features and 1 target take 16";
    const value = { base64: bytes.subarray(-16, -4).toString('base64') };
    expect(readLines(dead)).toMatchObject([{ error: { code: 'wrong-arity', message, offset: 499 }, value }]);
  });
});

describe.skipIf(brokers.length === 0)('a float32 topic', { timeout: 120_000 }, () => {
  const tool = createKafkaTool(brokers);

  it('is filled by `produce`, and learnt exactly once over a restart, to the weights of the file', async () => {
    const folder = temporaryFolder();
    const csv = join(root, 'config/data/phishing.csv');
    const count = readFileSync(csv, 'utf8').trimEnd().split('\n').length - 1;
    const common = [
      'schema: { target: { from: is_phishing, type: binary } }',
      'model: { hidden: 8, rehearsal: false }',
      'http: false',
    ];
    const file = write(folder, 'file.yaml', [`source: { file: { path: ${csv} } }`, ...common].join('\n'));
    const wanted = resultOf(await runMillrace('run', '-c', file, '--json')).weightsDigest;

    const [input, output, dead] = await Promise.all([1, 1, 1].map((partitions) => tool.createTopic(partitions)));
    const lines = [
      `name: float32-${randomUUID()}`,
      `source: { kafka: { brokers: "${brokers.join()}", topic: ${input}, format: float32 } }`,
      `predictions: { kafka: { topic: ${output} } }`,
      `deadLetters: { kafka: { topic: ${dead} } }`,
      `checkpoint: { dir: ${folder} }`,
      ...common,
    ];
    const config = ['-c', write(folder, 'topic.yaml', lines.join('\n'))];
    const produced = await runMillrace('produce', ...config, '--from', csv, '--json');
    expect(JSON.parse(produced.stdout)).toMatchObject({ records: count });
    const broken = Buffer.from([1, 2, 3, 255]);
    await tool.send(input, [{ key: 'broken', value: broken }]);

    resultOf(await runMillrace('run', ...config, '--samples', '900', '--json'));
    const resumed = resultOf(
      await runMillrace('run', ...config, '--stop-at-end', '--json'),
      /checkpoint .*: 900 records/,
    );
    expect(resumed).toMatchObject({ learned: count - 900, rejected: 1, weightsDigest: wanted });
    expect((await runMillrace('verify', ...config)).code).toBe(0);

    expect((await tool.readAll(output)).get(0)).toHaveLength(count);
    const [letter] = (await tool.readAll(dead)).get(0) ?? [];
    expect(letter.value).toEqual(broken);
    expect(String(letter.headers?.['millrace-error-message'])).toContain('the record has 4 bytes, that is 1 numbers; ');
  });
});
