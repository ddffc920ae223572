// An input topic that is not what it was: partitions added, records lost to retention, deleted and created again. Each stops
// the run with a word, and goes on once that was accepted.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { runMillrace } from '../support/millrace-process.ts';
import { sharedBroker } from '../support/shared-broker.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const folder = await mkdtemp(join(tmpdir(), 'millrace-changes-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function samples(count: number) {
  return Array.from({ length: count }, (_, index) => ({ value: `{"features":[${index},1],"label":${index % 2}}` }));
}

/** A run that has learnt 50 records of a topic, and a way to run it again. */
async function setUp() {
  const input = await tool.createTopic(1);
  const output = await tool.createTopic(1);
  const name = `changes-${randomUUID().slice(0, 8)}`;
  const config = join(folder, `${name}.yaml`);
  await writeFile(
    config,
    [
      `name: ${name}`,
      `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${input} } }`,
      `predictions: { kafka: { topic: ${output} } }`,
      'schema: { target: { from: label, type: binary } }',
      `checkpoint: { dir: "${join(folder, name)}" }`,
      'http: false',
    ].join('\n'),
  );
  await tool.send(input, samples(50));
  const run = (...args: string[]) => runMillrace('run', '-c', config, '--stop-at-end', '--json', ...args);
  expect(JSON.parse((await run()).stdout)).toMatchObject({ learned: 50 });
  const admin = tool.kafka.admin();
  await admin.connect();
  return { input, output, run, admin };
}

describe.skipIf(brokers.length === 0)('an input topic', { timeout: 90_000 }, () => {
  it('with more partitions than before stops the run until that is accepted', async () => {
    const { input, run, admin } = await setUp();
    await admin.createPartitions({ topicPartitions: [{ topic: input, count: 2 }] });
    await admin.disconnect();
    const stopped = await run();
    expect({ code: stopped.code, stdout: stopped.stdout }).toEqual({ code: 1, stdout: '' });
    expect(stopped.stderr).toMatch(
      /has 2 partitions, and had 1 .*--accept added-partitions[\s\S]*\[partitions-added\]/,
    );
    await expect
      .poll(() =>
        tool.send(input, [{ ...samples(1)[0], partition: 1 }]).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(JSON.parse((await run('--accept', 'added-partitions')).stdout)).toMatchObject({ learned: 1 });
    expect((await run()).code).toBe(0);
  });

  it('whose records retention has removed unread stops the run until their loss is accepted', async () => {
    const { input, output, run, admin } = await setUp();
    await admin.disconnect();
    await tool.send(input, samples(20));
    await tool.deleteBefore(input, 60);
    const stopped = await run();
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(/offset 50 comes next.*--accept lost-records/);
    const accepted = await run('--accept', 'lost-records');
    expect(accepted.stderr).toContain('partition 0: offsets 50 to 59 are lost, and not learnt');
    expect(JSON.parse(accepted.stdout)).toMatchObject({ learned: 10 });
    expect((await tool.readAll(output)).get(0)).toHaveLength(60);
    expect((await run()).code).toBe(0);
  });

  it('that was deleted and created again stops the run until that is accepted', async () => {
    const { input, run, admin } = await setUp();
    await admin.deleteTopics({ topics: [input] });
    await expect.poll(() => admin.listTopics(), { timeout: 20_000 }).not.toContain(input);
    await sleep(500);
    await admin.createTopics({ topics: [{ topic: input, numPartitions: 1 }], waitForLeaders: false });
    await expect
      .poll(
        () =>
          tool.send(input, samples(30)).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    await admin.disconnect();
    const stopped = await run();
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(/deleted and created again.*--accept recreated-topic[\s\S]*\[topic-recreated\]/);
    expect(JSON.parse((await run('--accept', 'recreated-topic')).stdout)).toMatchObject({ learned: 30 });
    expect(JSON.parse((await run()).stdout)).toMatchObject({ samples: 0 });
  });
});
