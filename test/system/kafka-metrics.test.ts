// What a run over a real Kafka tells of itself, and that a paused one keeps its partitions.

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { startMillrace } from '../support/millrace-process.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { learnedBy, metricsUrl, temporaryFolder, write } from './support.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const token = 'token-for-the-kafka-test';

describe.skipIf(brokers.length === 0)('a run over Kafka', { timeout: 120_000 }, () => {
  it('tells its lag and its transactions, and pauses without leaving its group', async () => {
    const [input, output] = [await tool.createTopic(2), await tool.createTopic(2)];
    const folder = temporaryFolder();
    const send = (count: number) =>
      tool.send(
        input,
        Array.from({ length: count }, (_, x) => ({ value: JSON.stringify({ x, label: x % 2 }), partition: x % 2 })),
      );
    const lines = [
      `name: metrics-${randomUUID()}`,
      `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${input}, sessionTimeoutMs: 6000 } }`,
      'schema: { target: { from: label, type: binary } }',
      `predictions: { kafka: { topic: ${output} } }`,
      `checkpoint: { dir: ${folder}/checkpoints, everyMs: 600000 }`,
      `http: { port: 0, adminToken: ${token} }`,
    ];
    const run = startMillrace('run', '-c', write(folder, 'kafka.yaml', lines.join('\n')));
    const url = await metricsUrl(run.stderr);
    const figures = async () => (await (await fetch(url)).text()).split('\n');
    const figure = async (series: string) =>
      Number(
        (await figures())
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')
          .at(-1),
      );
    const lags = async () => [
      await figure('millrace_consumer_lag_records{partition="0"}'),
      await figure('millrace_consumer_lag_records{partition="1"}'),
    ];
    const tell = (path: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return fetch(new URL(`/admin/${path}`, url), { method: 'POST', headers });
    };
    await send(100);
    await expect.poll(() => learnedBy(url), { timeout: 60_000 }).toBe(100);
    await expect.poll(lags, { timeout: 10_000 }).toEqual([0, 0]);
    await expect.poll(() => figure('millrace_transactions_total{result="committed"}')).toBeGreaterThan(0);
    expect(await figure('millrace_transaction_duration_seconds_sum')).toBeGreaterThan(0);
    expect(await figure('millrace_transactions_total{result="failed"}')).toBe(0);
    expect((await tell('pause')).status).toBe(200);
    // One chunk that was asked for before may still come.
    await send(20);
    await expect.poll(() => learnedBy(url)).toBeGreaterThanOrEqual(100);
    await send(60);
    await expect
      .poll(async () => (await lags()).reduce((sum, lag) => sum + lag), { timeout: 20_000 })
      .toBeGreaterThan(40);
    const paused = await learnedBy(url);
    // Longer than the session: whoever falls silent loses the partitions.
    await new Promise((resolve) => setTimeout(resolve, 8000));
    expect(await learnedBy(url)).toBe(paused);
    const { checkpoint } = Object(await (await tell('checkpoint')).json());
    expect(checkpoint).toContain(`${folder}/checkpoints`);
    expect((await tell('resume')).status).toBe(200);
    await expect.poll(() => learnedBy(url), { timeout: 20_000 }).toBe(180);
    await expect.poll(lags, { timeout: 10_000 }).toEqual([0, 0]);
    expect(await figure('millrace_recoveries_total')).toBe(0);
    run.child.kill('SIGTERM');
    expect((await run.finished).code).toBe(0);
  });
});
