// What is in the input and must not be learnt: poison, and the records of transactions that were aborted.

import type { Message } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import { numberedMessages } from '../support/numbered-samples.ts';
import { createJob } from './job.ts';
import { between, createDraw } from './seed.ts';

const brokers = inject('faultBrokers');
const features = { a: 0.1, b: 0.2, c: 0.3, d: 0.4 };
const poisons: (string | null)[] = [
  '{"features":',
  JSON.stringify({ features: { ...features, b: 'NaN' }, label: 1 }),
  '{"features":{"a":1e999,"b":0,"c":0,"d":0},"label":1}',
  JSON.stringify({ features, label: 'neither' }),
  JSON.stringify({ features: { a: 1 }, label: 0 }),
  '',
  null,
];

it('poison records: each is a dead letter exactly once, whatever is killed', async () => {
  const draw = createDraw('poison');
  const partitions = 2;
  const job = await createJob(brokers, { partitions, isSample: ({ key }) => String(key).startsWith('sample-') });
  const messages = numberedMessages(0, 6000, partitions).flatMap((sample, n): Message[] =>
    draw() < 0.1
      ? [sample, { key: `poison-${n}`, value: poisons[n % poisons.length], partition: n % partitions }]
      : [sample],
  );
  await job.send(messages);
  for (const stage of ['sent', 'offsets-sent', 'committed']) await job.runInto(`kill:${stage}:${between(draw, 1, 3)}`);
  const { result, samples } = await job.finish();
  expect(samples).toBe(6000);
  expect(result.rejected, 'some poison is left for the last run').toBeGreaterThan(0);
});

it('aborted transactions in the input are not learnt', async () => {
  const draw = createDraw('aborted');
  const job = await createJob(brokers);
  const block = 300;
  let kept = 0;
  for (let from = 0; from < 20 * block; from += block) {
    const outcome = draw() < 0.5 ? 'abort' : 'commit';
    await job.tool.sendTransaction(job.input, numberedMessages(from, from + block, 1), outcome);
    if (outcome === 'commit') kept += block;
  }
  await job.fill(20 * block, 21 * block);
  await job.runInto(`kill:sent:${between(draw, 2, 4)}`);
  const { samples } = await job.finish();
  expect(samples).toBe(kept + block);
});
