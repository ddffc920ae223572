// More input than can be dealt with at once: ending in the middle of it, and not growing with it.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { numberedMessages } from '../support/numbered-samples.ts';
import { createJob, resultOf } from './job.ts';

const brokers = inject('faultBrokers');

/** More than three runs learn that are told to end after 4000, each with up to 32,000 in flight. */
const records = 200_000;

it('SIGTERM under load, three times: what is in flight is finished, exit code 0 within 10 s', async () => {
  const job = await createJob(brokers, { partitions: 2 });
  await job.fill(0, records);
  for (let time = 1; time <= 3; time++) {
    const before = await job.committed();
    const running = job.start('slow:before-send:20');
    await job.untilCommitted(before + 4000);
    const termMs = performance.now();
    running.child.kill('SIGTERM');
    const result = resultOf(await running.finished);
    expect(performance.now() - termMs).toBeLessThan(10_000);
    expect(await job.committed(), 'what was learnt is committed').toBeLessThan(records);
    expect(result.replayed, 'a clean end leaves nothing to learn again').toBe(0);
  }
  expect((await job.finish()).samples).toBe(records);
});

/** Resident memory of a process, in bytes. */
function residentBytes(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

it('a slow sink and a burst: memory does not grow with what waits', async () => {
  const job = await createJob(brokers, { partitions: 4, settings: ['source.kafka.maxBytesPerPartition=1048576'] });
  const padding = 'x'.repeat(4000);
  const burst = 39_000;
  for (let from = 0; from < burst; from += 3000) {
    const padded = numberedMessages(from, from + 3000, 4).map(({ value, ...rest }) => ({
      ...rest,
      value: `${String(value).slice(0, -1)},"padding":"${padding}"}`,
    }));
    await job.send(padded);
  }
  const running = job.start('slow:before-send:400');
  await job.untilCommitted(1000);
  const startBytes = residentBytes(running.child.pid);
  let mostBytes = startBytes;
  for (const untilMs = performance.now() + 6000; performance.now() < untilMs; await sleep(50)) {
    mostBytes = Math.max(mostBytes, residentBytes(running.child.pid));
  }
  expect(await job.committed(), 'the sink was slower than the source').toBeLessThan(burst / 2);
  // The burst is 156 MB. Read ahead are 4 chunks of at most 1 MiB, and as much again is being fetched.
  expect(mostBytes, 'bytes at most').toBeLessThan(startBytes + 100e6);
  running.child.kill('SIGTERM');
  resultOf(await running.finished);
  expect((await job.finish()).samples).toBe(burst);
});
