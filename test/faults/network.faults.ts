// A broker that is away for a while, and a network before it that cuts, delays, goes dead and loses answers.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProcessCluster, startProcessCluster } from '../support/process-broker.ts';
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createJob, producers, resultOf, untilSaid } from './job.ts';
import { between, createDraw } from './seed.ts';
import { impatient } from './setup.ts';

let cluster: ProcessCluster;
let proxy: TcpProxy;

beforeAll(async () => {
  const advertise = async (port: number) => {
    proxy = await createTcpProxy(port);
    return proxy.port;
  };
  cluster = await startProcessCluster({ properties: impatient, advertise });
});
afterAll(async () => {
  await proxy.close();
  await cluster.stop();
});

describe('the broker is killed in the middle of a transaction, and comes back', () => {
  it.each(['before-send', 'sent', 'offsets-sent'])('%s', async (stage) => {
    const job = await createJob(cluster.brokers, { partitions: 2, direct: cluster.direct });
    await job.fill(0, 6000);
    const running = job.start(`hold:${stage}:3`);
    await untilSaid(running, 'fault: hold');
    await cluster.kill(0);
    running.child.kill('SIGUSR2');
    await cluster.restart(0);
    await job.untilCommitted(6000);
    running.child.kill('SIGTERM');
    resultOf(await running.finished);
    expect((await job.finish()).samples).toBe(6000);
  });
});

describe('connections are', () => {
  it('cut, again and again', async () => {
    const draw = createDraw('cut');
    const job = await createJob(cluster.brokers, { partitions: 2, direct: cluster.direct });
    await job.fill(0, 20_000);
    const running = job.start('slow:before-send:20');
    await job.untilCommitted(1000);
    for (let cut = 0; cut < 15; cut++) {
      await sleep(between(draw, 20, 500));
      proxy.cut();
    }
    await job.untilCommitted(20_000);
    running.child.kill('SIGTERM');
    resultOf(await running.finished);
    expect((await job.finish()).samples).toBe(20_000);
  });

  it('delayed by 100 ms each way', async () => {
    const job = await createJob(cluster.brokers, { partitions: 2, direct: cluster.direct });
    await job.fill(0, 2000);
    proxy.delay(100);
    const running = job.start(null);
    await job.untilCommitted(2000, 120_000).finally(() => proxy.delay(0));
    running.child.kill('SIGTERM');
    resultOf(await running.finished);
    expect((await job.finish()).samples).toBe(2000);
  });

  it('half-open: dead, and nobody is told', async () => {
    const job = await createJob(cluster.brokers, { partitions: 2, direct: cluster.direct });
    await job.fill(0, 8000);
    const running = job.start('slow:before-send:20');
    await job.untilCommitted(1000);
    proxy.freeze();
    // 10 s until the silence is noticed, a rejoin, the rest; a client that keeps to dead connections takes over a minute.
    await job.untilCommitted(8000, 45_000);
    running.child.kill('SIGTERM');
    resultOf(await running.finished);
    expect((await job.finish()).samples).toBe(8000);
  });
});

/** Requests by the number that Kafka's protocol guide gives them, and how often each comes while 6000 samples are learnt. */
const requests: [name: string, apiKey: number, most: number][] = [
  ['Produce', 0, 6],
  ['Fetch', 1, 3],
  ['AddPartitionsToTxn', 24, 6],
  ['AddOffsetsToTxn', 25, 6],
  ['TxnOffsetCommit', 28, 6],
  ['EndTxn', 26, 6],
  ['InitProducerId', 22, 1],
];

const names = requests.map(([name]) => name).join(', ');
it.each(producers)(`the n-th reply is dropped: of ${names}; records written by %s`, async (producer) => {
  const draw = createDraw('replies');
  const job = await createJob(cluster.brokers, { direct: cluster.direct, settings: [`producer=${producer}`] });
  let sent = 0;
  let running = job.start(null);
  for (const [name, apiKey, most] of requests) {
    const dropped = proxy.dropReply(apiKey, between(draw, 1, most));
    if (name === 'InitProducerId') {
      running.child.kill('SIGTERM');
      resultOf(await running.finished);
      running = job.start(null);
    }
    await job.fill(sent, sent + 6000);
    sent += 6000;
    await job.untilCommitted(sent);
    expect(await Promise.race([dropped.then(() => 'dropped'), sleep(1, 'none came')]), name).toBe('dropped');
  }
  running.child.kill('SIGTERM');
  resultOf(await running.finished);
  expect((await job.finish()).samples).toBe(sent);
});
