// A disk that loses, spoils or refuses what it was given.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { messageOf } from '../../src/errors.ts';
import { checkpointsIn } from '../system/support.ts';
import { createJob, expectFailure, resultOf } from './job.ts';
import { between, createDraw } from './seed.ts';

const brokers = inject('faultBrokers');
const draw = createDraw('checkpoints');

function flipOneBit(path: string): void {
  const bytes = readFileSync(path);
  const at = between(draw, 0, bytes.length - 1);
  bytes[at] ^= 1 << between(draw, 0, 7);
  writeFileSync(path, bytes);
}

const damages: [string, (path: string) => void][] = [
  ['truncated', (path) => truncateSync(path, between(draw, 1, readFileSync(path).length - 1))],
  ['with one bit flipped', flipOneBit],
  ['emptied', (path) => truncateSync(path, 0)],
];

describe('a checkpoint', () => {
  it.each(damages)('%s: the one before is used, and said', async (_, damage) => {
    const job = await createJob(brokers);
    await job.fill(0, 5000);
    resultOf(await job.start(null, '--samples', '4000').finished);
    const before = checkpointsIn(job.checkpoints);
    expect(before.length).toBeGreaterThan(1);
    damage(before[before.length - 1]);
    const { result, stderr } = await job.finish();
    expect(stderr).toContain(`checkpoint ${before.at(-1)} is damaged`);
    expect(stderr).toContain(`checkpoint ${before.at(-2)}:`);
    expect(result.replayed).toBeGreaterThan(0);
    expect(result.samples).toBe(1000);
  });

  it('of which none is left whole: all is learnt again from the journal', async () => {
    const job = await createJob(brokers, { partitions: 4 });
    await job.fill(0, 5000);
    resultOf(await job.start(null, '--samples', '4000').finished);
    for (const path of checkpointsIn(job.checkpoints)) flipOneBit(path);
    const { result } = await job.finish();
    expect(result.replayed).toBe(4000);
    expect(result.samples).toBe(1000);
  });

  it('that the disk has no room for: the run stops, and goes on once there is room', async ({ skip }) => {
    const job = await createJob(brokers, { settings: ['checkpoint.keep=50'] });
    mkdirSync(job.checkpoints);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', job.checkpoints], { stdio: 'pipe' });
    } catch (error) {
      console.error(`\n*** A FULL DISK IS NOT TRIED: no tmpfs can be mounted here (${messageOf(error)}) ***\n`);
      skip();
    }
    onTestFinished(() => void execFileSync('umount', ['-l', job.checkpoints]));
    await job.fill(0, 40_000);
    await expectFailure(job.start(null, '--stop-at-end'), 'checkpoint-unwritable');
    expect(readdirSync(job.checkpoints).filter((file) => file.includes('.tmp-'))).toEqual([]);
    expect(checkpointsIn(job.checkpoints).length).toBeGreaterThan(0);
    execFileSync('mount', ['-o', 'remount,size=64m', join(job.checkpoints)]);
    const { samples, stderr } = await job.finish();
    expect(stderr).not.toContain('damaged');
    expect(samples).toBe(40_000);
  });
});
