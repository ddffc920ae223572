// SIGTERM and SIGINT: what is in flight is finished and kept, the exit code is 0, and the next start goes on from there.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MillraceProcess, runMillrace, startMillrace, startMillraceIn } from '../support/millrace-process.ts';
import {
  checkpointsIn,
  failureOf,
  learnedBy,
  metricsUrl,
  type Result,
  readLines,
  resultOf,
  settings,
  temporaryFolder,
} from './support.ts';

/** The demo with its checkpoints in a folder, faster than its own pace. */
function demo(folder: string): string[] {
  const away = settings('http.port=0', `checkpoint.dir=${folder}`, `predictions.file.path=${folder}/p.ndjson`);
  return ['run', '-c', 'config/demo.yaml', ...away, ...settings('source.synthetic.samplesPerSecond=3000'), '--json'];
}

/** Resolves once predictions have been written. */
async function untilUnderWay(folder: string): Promise<void> {
  const read = () => {
    try {
      return readFileSync(join(folder, 'p.ndjson')).length;
    } catch {
      return 0;
    }
  };
  await expect.poll(read, { timeout: 20_000, interval: 20 }).toBeGreaterThan(0);
}

/** Resolves once the number of samples has stood still for a while. */
async function untilStuck(url: string): Promise<void> {
  let before = 0;
  const hasStopped = async () => {
    const now = await learnedBy(url);
    const isSame = now > 0 && now === before;
    before = now;
    return isSame;
  };
  await expect.poll(hasStopped, { timeout: 20_000, interval: 300 }).toBe(true);
}

async function endBy(signal: 'SIGINT' | 'SIGTERM', { child, finished }: MillraceProcess): Promise<Result> {
  const startedMs = performance.now();
  child.kill(signal);
  const ended = await finished;
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  return resultOf(ended, new RegExp(`${signal}: finishing what is in flight`));
}

describe('a signal', { timeout: 60_000 }, () => {
  it('ends the demo with a checkpoint; started again it goes on, to the weights of a run without a stop', async () => {
    const folder = temporaryFolder();
    let samples = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const running = startMillrace(...demo(folder));
      await (samples === 0
        ? untilUnderWay(folder)
        : expect.poll(running.stderr, { timeout: 20_000 }).toContain('going on'));
      const result = await endBy(signal, running);
      expect(result.learned).toBe(result.samples);
      samples += result.samples;
      // All that was learnt is published and kept.
      expect(readLines(join(folder, 'p.ndjson'))).toHaveLength(samples);
      expect(checkpointsIn(folder).at(-1)).toContain(`${samples}.safetensors`);
    }
    const total = samples + 2000;
    const last = resultOf(
      await runMillrace(...demo(folder), '--samples', '2000'),
      new RegExp(`going on from checkpoint .*: ${samples} records`),
    );
    const whole = resultOf(await runMillrace(...demo(temporaryFolder()), '--samples', String(total)), /metrics at/);
    expect(whole.samples).toBe(total);
    expect(last.weightsDigest).toBe(whole.weightsDigest);
    expect(last.metrics).toEqual(whole.metrics);
    expect(readLines(join(folder, 'p.ndjson'))).toHaveLength(total);
  });

  it('given twice leaves at once', async () => {
    // Nobody reads its output, so what is in flight cannot be finished.
    const output = settings('predictions.file.path=-', 'source.synthetic.samplesPerSecond=100000', 'http.port=0');
    const args = ['run', '-c', 'config/demo.yaml', ...output, '--set', `checkpoint.dir=${temporaryFolder()}`];
    const { child, finished, stderr } = startMillraceIn({ leaveStdout: true }, ...args);
    await untilStuck(await metricsUrl(stderr));
    child.kill('SIGTERM');
    await expect.poll(stderr, { timeout: 10_000, interval: 10 }).toContain('once more leaves at once');
    expect(child.exitCode).toBeNull();
    const startedMs = performance.now();
    child.once('exit', () => child.stdout?.resume());
    child.kill('SIGTERM');
    expect((await finished).code).toBe(130);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });

  it('is heeded while no broker answers, however many retries are left', async () => {
    const kafka = 'source={kafka: {brokers: ["127.0.0.1:1"], topic: nowhere, retries: 100}}';
    const args = settings(kafka, `checkpoint.dir=${temporaryFolder()}`, 'predictions.file.path=/dev/null');
    const { child, finished, stderr } = startMillrace('run', '-c', 'config/phishing.yaml', ...args);
    await expect.poll(stderr, { timeout: 20_000, interval: 20 }).toContain('ECONNREFUSED');
    const startedMs = performance.now();
    child.kill('SIGTERM');
    const { code, text } = failureOf(await finished);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(code).toBe(1);
    expect(text).toContain('leaving');
  });
});
