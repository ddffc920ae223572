// Who may write: an owner that was asleep, a second instance, a group that is shuffled about.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { createJob, expectFailure, resultOf, sessionTimeoutMs, untilSaid } from './job.ts';

const brokers = inject('faultBrokers');

describe('SIGSTOP in the middle of a transaction', () => {
  it('past the session and the transaction timeout: the sleeper is fenced', async () => {
    const timeoutMs = 3000;
    const job = await createJob(brokers, { settings: [`commit.timeoutMs=${timeoutMs}`] });
    await job.fill(0, 4000);
    const sleeper = job.start('stop:sent:3');
    await untilSaid(sleeper, 'fault: stop');
    await sleep(timeoutMs + sessionTimeoutMs + 1500);
    sleeper.child.kill('SIGCONT');
    await expectFailure(sleeper, 'fenced');
    expect((await job.finish()).samples).toBe(4000);
  });

  it('and another has taken over: the sleeper is fenced', async () => {
    const job = await createJob(brokers);
    await job.fill(0, 4000);
    const sleeper = job.start('stop:sent:3');
    await untilSaid(sleeper, 'fault: stop');
    const successor = job.start(null);
    await job.untilCommitted(4000);
    sleeper.child.kill('SIGCONT');
    await expectFailure(sleeper, 'fenced');
    await job.fill(4000, 5000);
    await job.untilCommitted(5000);
    successor.child.kill('SIGTERM');
    resultOf(await successor.finished);
    expect((await job.finish()).samples).toBe(5000);
  });

  it('before a commit, and another has taken over: nothing of the sleeper is seen', async () => {
    const job = await createJob(brokers);
    await job.fill(0, 4000);
    const sleeper = job.start('stop:offsets-sent:3');
    await untilSaid(sleeper, 'fault: stop');
    const successor = job.start(null);
    await job.untilCommitted(4000);
    sleeper.child.kill('SIGCONT');
    await expectFailure(sleeper, 'fenced');
    successor.child.kill('SIGTERM');
    resultOf(await successor.finished);
    expect((await job.finish()).samples).toBe(4000);
  });
});

describe('two instances at once', () => {
  it('one stands by, and takes over within 15 s when the owner is killed', async () => {
    const job = await createJob(brokers, { partitions: 4, settings: ['source.kafka.sessionTimeoutMs=6000'] });
    await job.fill(0, 4000);
    const owner = job.start(null);
    await job.untilCommitted(4000);
    const standby = job.start(null);
    await untilSaid(standby, 'standing by');
    await job.fill(4000, 5000);
    await job.untilCommitted(5000);
    owner.child.kill('SIGKILL');
    const killedMs = performance.now();
    await job.fill(5000, 6000);
    await job.untilCommitted(6000, 15_000);
    expect(performance.now() - killedMs, 'ms from the kill to the last commit').toBeLessThan(15_000);
    standby.child.kill('SIGTERM');
    resultOf(await standby.finished);
    expect((await job.finish()).samples).toBe(6000);
  });
});

describe('rebalance', () => {
  it('in the middle of a batch, when others join and die: the owner goes on where it was', async () => {
    const job = await createJob(brokers, { partitions: 4 });
    await job.fill(0, 8000);
    const owner = job.start('hold:sent:3');
    await untilSaid(owner, 'fault: hold');
    const joining = job.start(null);
    await untilSaid(joining, 'standing by');
    owner.child.kill('SIGUSR2');
    joining.child.kill('SIGKILL');
    await joining.finished;
    await job.untilCommitted(8000);
    const again = job.start(null);
    await untilSaid(again, 'standing by');
    await job.fill(8000, 12_000);
    await job.untilCommitted(12_000);
    again.child.kill('SIGTERM');
    owner.child.kill('SIGTERM');
    resultOf(await owner.finished);
    expect((await again.finished).code).toBe(0);
    expect((await job.finish()).samples).toBe(12_000);
  });
});
