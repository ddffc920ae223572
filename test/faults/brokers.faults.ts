// Three brokers, of which one or another is away: leaders move, coordinators move, and two of three must be enough.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { type ProcessCluster, startProcessCluster } from '../support/process-broker.ts';
import { createJob, resultOf } from './job.ts';
import { impatient } from './setup.ts';

let cluster: ProcessCluster;
beforeAll(async () => {
  cluster = await startProcessCluster({ nodes: 3, properties: impatient });
});
afterAll(() => cluster.stop());

/** Waits until every broker is in sync for every partition again: else the next one that goes takes data along. */
async function untilInSync(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { kafka } = createKafkaTool(cluster.brokers);
        const admin = kafka.admin();
        await admin.connect();
        const { topics } = await admin.fetchTopicMetadata();
        await admin.disconnect();
        return Math.min(...topics.flatMap(({ partitions }) => partitions.map(({ isr }) => isr.length)));
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(3);
}

it.each([
  ['rolling restart of 3 brokers', 'shutDown'],
  ['kill -9 of one broker after another', 'kill'],
] as const)('%s, leaders moving', async (_, end) => {
  const job = await createJob(cluster.brokers, { partitions: 3, replication: 3, minInsync: 2 });
  const stopFeeding = job.feed();
  const running = job.start(null);
  await job.untilCommitted(1000);
  for (const node of inject('long') ? [0, 1, 2, 0, 1, 2] : [0, 1, 2]) {
    await cluster[end](node);
    await sleep(1500);
    await cluster.restart(node);
    await untilInSync();
  }
  await stopFeeding();
  const held = await job.untilCaughtUp();
  running.child.kill('SIGTERM');
  resultOf(await running.finished);
  expect((await job.finish()).samples).toBe(held);
});
