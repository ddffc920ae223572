// The main job over a real Kafka, as a user runs it: millrace is a process of its own, and an independent consumer reads
// back what it has published.

import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KafkaMessage, Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { type Finished, runMillrace, startMillrace } from '../support/millrace-process.ts';
import { sharedBroker } from '../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const data = fileURLToPath(new URL('../../config/data/phishing.csv', import.meta.url));
const [header, ...rows] = (await readFile(data, 'utf8')).trimEnd().split('\n');
const columns = header.split(',');
const baseMs = Date.now();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-system-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The rows as JSON records, dealt to the partitions in turn, each with key, header and timestamp of its own. */
function samples(partitions: number): Message[] {
  return rows.map((row, index) => {
    const cells = row.split(',').map(Number);
    return {
      key: `row-${index}`,
      value: JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, cells[at]]))),
      headers: { trace: `t-${index}` },
      timestamp: String(baseMs + index),
      partition: index % partitions,
    };
  });
}

interface Setup {
  readonly input: string;
  readonly output: string;
  readonly name: string;
  readonly config: string;
}

/** Topics of their own, and a configuration over them in a file. */
async function setUp(partitions: number, more = '', compression = 'producer'): Promise<Setup> {
  const name = `run-${randomUUID()}`;
  const input = await tool.createTopic(partitions, [{ name: 'compression.type', value: compression }]);
  const output = await tool.createTopic(partitions);
  const config = join(folder, `${name}.yaml`);
  const lines = [
    `name: ${name}`,
    `source: { kafka: { brokers: ["${brokers.join('", "')}"], topic: ${input} } }`,
    `predictions: { kafka: { topic: ${output} } }`,
    ...common(name),
    more,
  ];
  await writeFile(config, lines.join('\n'));
  return { input, output, name, config };
}

function common(name: string): string[] {
  return [
    'schema: { target: { from: is_phishing, type: binary } }',
    'model: { hidden: [{ units: 8, activation: relu }], seed: 7 }',
    `checkpoint: { dir: "${join(folder, name)}" }`,
    'http: false',
  ];
}

function resultOf({ code, stdout, stderr }: Finished): Record<string, unknown> {
  expect(stderr).not.toContain('kafka: ');
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

function textOf(header: KafkaMessage['headers'], name: string): string {
  return String(header?.[name]);
}

describe.skipIf(brokers.length === 0)('millrace run over Kafka', { timeout: 120_000 }, () => {
  let fileDigest: unknown = null;
  beforeAll(async () => {
    const config = join(folder, 'file.yaml');
    await writeFile(config, [`source: { file: { path: "${data}" } }`, ...common('file')].join('\n'));
    fileDigest = resultOf(await runMillrace('run', '-c', config, '--stop-at-end', '--json')).weightsDigest;
    expect(fileDigest).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([1, 4])('publishes one prediction for each sample, from %i partitions', async (partitions) => {
    const { input, output, config } = await setUp(partitions);
    await tool.send(input, samples(partitions));
    const result = resultOf(await runMillrace('run', '-c', config, '--stop-at-end', '--json'));
    expect(result).toMatchObject({ samples: rows.length, learned: rows.length, scored: 0, rejected: 0 });
    if (partitions === 1) expect(result.weightsDigest).toBe(fileDigest);

    const found = await tool.readAll(output);
    expect([...found.values()].flat()).toHaveLength(rows.length);
    for (const [partition, messages] of found) {
      messages.forEach((message, at) => {
        // Input partition p is output partition p, in its order: the at-th prediction is of the at-th sample.
        const row = at * partitions + partition;
        expect(String(message.key)).toBe(`row-${row}`);
        expect(textOf(message.headers, 'trace')).toBe(`t-${row}`);
        expect(message.timestamp).toBe(String(baseMs + row));
        expect(textOf(message.headers, 'millrace-source')).toBe(`${input}/${partition}/${at}`);
        const value = JSON.parse(String(message.value));
        expect([0, 1]).toContain(value.prediction);
        expect(value.probability).toBeGreaterThanOrEqual(0);
        expect(value.modelVersion).toBeGreaterThanOrEqual(0);
      });
    }
  });

  it("at least once resumes from the checkpoint's offsets, whatever the group's are", async () => {
    const { input, config, name } = await setUp(1, 'delivery: at-least-once');
    await tool.send(input, samples(1));
    const first = resultOf(await runMillrace('run', '-c', config, '--samples', '600', '--json'));
    expect(first.samples).toBe(600);
    const admin = tool.kafka.admin();
    await admin.connect();
    await admin.setOffsets({ groupId: name, topic: input, partitions: [{ partition: 0, offset: '1100' }] });
    await admin.disconnect();
    const second = resultOf(await runMillrace('run', '-c', config, '--stop-at-end', '--json'));
    expect(second.samples).toBe(rows.length - 600);
    expect(second.weightsDigest).toBe(fileDigest);
  });

  it('exactly once stops where somebody has moved the offsets, and goes on from the model when that is accepted', async () => {
    const { input, output, config, name } = await setUp(1);
    await tool.send(input, samples(1));
    resultOf(await runMillrace('run', '-c', config, '--samples', '600', '--json'));
    const admin = tool.kafka.admin();
    await admin.connect();
    await admin.setOffsets({ groupId: name, topic: input, partitions: [{ partition: 0, offset: '1100' }] });
    await admin.disconnect();
    const stopped = await runMillrace('run', '-c', config, '--stop-at-end', '--json');
    expect({ code: stopped.code, stdout: stopped.stdout }).toEqual({ code: 1, stdout: '' });
    expect(stopped.stderr).toContain('partition 0: the group has 1100, the model 600');
    expect(stopped.stderr).toContain('--accept moved-offsets');
    const accepted = resultOf(
      await runMillrace('run', '-c', config, '--stop-at-end', '--accept', 'moved-offsets', '--json'),
    );
    expect(accepted.samples).toBe(rows.length - 600);
    expect(accepted.weightsDigest).toBe(fileDigest);
    expect((await tool.readAll(output)).get(0)).toHaveLength(rows.length);
  });

  it('ends before a batch that becomes too long, and goes on with it once more is allowed', async () => {
    const { input, output, config } = await setUp(1, '', 'zstd');
    const all = samples(1);
    const long = { ...all[300], value: `${all[300].value}${' '.repeat(400_000)}` };
    await tool.send(input, all.slice(0, 300), 100);
    await tool.send(input, [long, ...all.slice(301)], 100);
    const run = (bytes: number) =>
      runMillrace(
        'run',
        '-c',
        config,
        '--stop-at-end',
        '--json',
        '--set',
        `source.kafka.maxBytesPerPartition=${bytes}`,
      );
    const { code, stderr } = await run(1024);
    expect(code).toBe(1);
    // Trying again would not help.
    expect(stderr).not.toContain('recovering');
    expect(stderr).toMatch(/batch at offset 300 cannot be read: .* limit is 262144. Raise `source.kafka.maxBytesPer/);
    expect((await tool.readAll(output)).get(0)?.length).toBeLessThanOrEqual(300);
    expect(resultOf(await run(4096)).weightsDigest).toBe(fileDigest);
    expect((await tool.readAll(output)).get(0)?.map(({ key }) => String(key))).toEqual(all.map(({ key }) => key));
  });

  it('comes back from kill -9 with the same weights and no sample without a prediction', async () => {
    const { input, output, config, name } = await setUp(1);
    const all = Array.from({ length: 20 }, () => samples(1)).flat();
    await tool.send(input, all);
    const every = ['--set', 'checkpoint.everySamples=2000'];
    const running = startMillrace('run', '-c', config, ...every);
    await expect
      .poll(
        async () => (await readdir(join(folder, name)).catch(() => [])).filter((file) => file.endsWith('.safetensors')),
        {
          timeout: 30_000,
          interval: 2,
        },
      )
      .not.toEqual([]);
    running.child.kill('SIGKILL');
    expect((await running.finished).signal).toBe('SIGKILL');
    const resumed = resultOf(await runMillrace('run', '-c', config, ...every, '--stop-at-end', '--json'));
    expect(resumed.samples).toBeLessThan(all.length);
    const untouched = ['--set', `checkpoint.dir=${join(folder, 'untouched')}`, '--set', `name=${name}-untouched`];
    const whole = resultOf(await runMillrace('run', '-c', config, ...untouched, '--stop-at-end', '--json'));
    expect(whole.samples).toBe(all.length);
    expect(resumed.weightsDigest).toBe(whole.weightsDigest);
    const sources = (await tool.readAll(output)).get(0)?.map(({ headers }) => textOf(headers, 'millrace-source'));
    expect(new Set(sources).size).toBe(all.length);
  });

  it('ends on SIGTERM within 10 seconds with exit code 0, all learnt and checkpointed', async () => {
    const { input, output, config } = await setUp(4);
    await tool.send(input, samples(4));
    const running = startMillrace('run', '-c', config, '--json');
    await expect
      .poll(async () => [...(await tool.readAll(output)).values()].flat().length, { timeout: 60_000, interval: 500 })
      .toBe(rows.length);
    const termMs = performance.now();
    running.child.kill('SIGTERM');
    const result = resultOf(await running.finished);
    expect(performance.now() - termMs).toBeLessThan(10_000);
    expect(result).toMatchObject({ samples: rows.length, learned: rows.length });
    const again = resultOf(await runMillrace('run', '-c', config, '--stop-at-end', '--json'));
    expect(again).toMatchObject({ samples: 0, weightsDigest: result.weightsDigest });
  });

  it('sends what it cannot learn from to the dead letters, with the reason, and goes on', async () => {
    const dead = await tool.createTopic(1);
    const { input, output, config } = await setUp(1, `deadLetters: { kafka: { topic: ${dead} } }`);
    const admin = tool.kafka.admin();
    await admin.connect();
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: input, configEntries: [{ name: 'max.message.bytes', value: String(12 << 20) }] }],
    });
    await admin.disconnect();
    const [good, ...rest] = samples(1);
    await tool.send(input, [good]);
    await tool.send(input, [{ key: 'bad', value: '{"https":', headers: { trace: 'bad' } }]);
    await tool.send(input, [{ key: 'giant', value: Buffer.alloc(10 << 20, 'x') }]);
    await tool.send(input, [{ key: 'gone', value: null }]);
    await tool.send(input, rest.slice(0, 9));
    const result = resultOf(await runMillrace('run', '-c', config, '--stop-at-end', '--json'));
    expect(result).toMatchObject({ samples: 13, learned: 10, rejected: 3 });
    expect((await tool.readAll(output)).get(0)).toHaveLength(10);
    const letters = (await tool.readAll(dead)).get(0) ?? [];
    expect(
      letters.map(({ key, headers }) => [
        String(key),
        textOf(headers, 'millrace-error-code'),
        textOf(headers, 'millrace-error-offset'),
      ]),
    ).toEqual([
      ['bad', 'malformed', '1'],
      ['giant', 'too-large', '2'],
      ['gone', 'tombstone', '3'],
    ]);
    expect(String(letters[0].value)).toBe('{"https":');
    expect(textOf(letters[0].headers, 'trace')).toBe('bad');
    expect(letters[2].value).toBeNull();
  });

  it('names a missing topic and how to create it', async () => {
    const { config } = await setUp(1);
    const missing = ['--set', 'source.kafka.topic=no-such-topic'];
    const { code, stderr, stdout } = await runMillrace('run', '-c', config, ...missing, '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/'no-such-topic' does not exist.*kafka-topics\.sh --create .*--topic no-such-topic/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
  });

  it('gives up on a broker that is not there, naming it', async () => {
    const { config } = await setUp(1);
    const startedMs = performance.now();
    const { code, stderr } = await runMillrace('run', '-c', config, '--set', 'source.kafka.brokers=127.0.0.1:1');
    expect(code).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(stderr).toContain('No Kafka broker answers at 127.0.0.1:1');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('fills a topic with `produce`, from which the file and the topic give the same weights', async () => {
    const { config } = await setUp(1);
    const produced = await runMillrace('produce', '-c', config, '--from', data, '--json');
    expect(produced.code, produced.stderr).toBe(0);
    const result = resultOf(await runMillrace('run', '-c', config, '--stop-at-end', '--json'));
    expect(result).toMatchObject({ learned: rows.length, weightsDigest: fileDigest });
  });
});
