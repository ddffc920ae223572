// Who may write: an owner that was asleep, a second instance, a group that is shuffled about.

import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { MillraceProcess } from '../support/millrace-process.ts';
import { metricsUrl, settings } from '../system/support.ts';
import { createJob, expectFailure, resultOf, sessionTimeoutMs, untilSaid } from './job.ts';

const brokers = inject('faultBrokers');

const scrapable = settings('http={port: 0}');

/** Scrapes a process as soon as it answers; gives a way to do so again. */
async function scraped(process: MillraceProcess): Promise<() => Promise<string>> {
  const url = await metricsUrl(process.stderr);
  const scrape = async () => (await fetch(url)).text();
  await scrape();
  return scrape;
}

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
    const sleeper = job.start('stop:sent:3', ...scrapable);
    const scrape = await scraped(sleeper);
    await untilSaid(sleeper, 'fault: stop');
    const successor = job.start(null);
    await job.untilCommitted(4000);
    sleeper.child.kill('SIGCONT');
    await untilSaid(sleeper, 'ends after the next scrape');
    expect(await scrape()).toContain('\nmillrace_failure_info{code="fenced"} 1\n');
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

describe('an owner that fails and waits for its last scrape', () => {
  it('has left its group by then: the standby goes on, and nothing is lost or doubled', async () => {
    const job = await createJob(brokers, { partitions: 4 });
    const own = join(await mkdtemp(join(tmpdir(), 'millrace-owner-')), 'checkpoints');
    onTestFinished(() => rm(dirname(own), { recursive: true, force: true }));
    await job.fill(0, 4000);
    const waiting = ['http.lastScrapeMs=60000', `checkpoint.dir=${own}`];
    const owner = job.start(null, ...scrapable, ...settings(...waiting));
    const scrape = await scraped(owner);
    await job.untilCommitted(4000);
    const standby = job.start(null);
    await untilSaid(standby, 'following the journal');
    // A file where its folder was: its next checkpoint fails, and the run with it.
    await rename(own, `${own}-gone`);
    await writeFile(own, '');
    await job.fill(4000, 6000);
    await untilSaid(owner, 'ends after the next scrape');
    await job.untilCommitted(6000);
    await job.fill(6000, 7000);
    await job.untilCommitted(7000);
    expect(owner.child.exitCode, 'still waiting').toBe(null);
    expect(await scrape()).toContain('\nmillrace_failure_info{code="checkpoint-unwritable"} 1\n');
    await expectFailure(owner, 'checkpoint-unwritable');
    standby.child.kill('SIGTERM');
    resultOf(await standby.finished);
    expect((await job.finish()).samples).toBe(7000);
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

describe('a network that learns 100 records a second', () => {
  it.each(['true', 'false'])(
    'keeps its partitions while somebody looks at it and another waits (learningThread: %s)',
    async (thread) => {
      const job = await createJob(brokers, {
        settings: [
          ...['model.hidden=[768, 768]', 'model.optimizer={type: adam}', `learningThread=${thread}`],
          // All of the input in one fetch.
          'source.kafka.maxBytesPerPartition=1048576',
        ],
      });
      await job.fill(0, 700);
      const owner = job.start(null, '--stop-at-end', ...scrapable);
      const scrape = await scraped(owner);
      const looking = setInterval(() => void scrape().catch(() => undefined), 200);
      const standby = job.start(null);
      const { samples } = resultOf(await owner.finished);
      clearInterval(looking);
      expect(samples).toBe(700);
      standby.child.kill('SIGTERM');
      expect((await standby.finished).code).toBe(0);
    },
  );
});
