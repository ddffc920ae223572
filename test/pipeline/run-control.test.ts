import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRunControl } from '../../src/pipeline/control.ts';
import type { FoldSnapshot } from '../../src/pipeline/fold.ts';
import { runPipeline } from '../../src/pipeline/pipeline.ts';
import { createPlainDelivery } from '../../src/pipeline/plain-delivery.ts';
import { createStageTimer } from '../../src/pipeline/timings.ts';
import { foldOf, recordsOf, sourceOver } from './parts.ts';

const never = 1e9;

/** A run that has learnt 100 records and then waits for more, until `stop` is called. */
function waitingRun(save: (snapshot: FoldSnapshot) => Promise<void>, cadence = { samples: never, ms: never }) {
  const control = createRunControl();
  const timer = createStageTimer();
  const fold = foldOf();
  const stop = new AbortController();
  const done = runPipeline(
    {
      source: sourceOver(recordsOf(100), 10, { after: 'silence' }),
      ...{ fold, save, control, timer, commitEvery: cadence, checkpointEvery: null, acknowledge: null },
      delivery: createPlainDelivery({ predictions: null, deadLetters: null }),
      ...{ maxInFlight: 3, maxRecords: null, gauge: { inFlight: 0 } },
    },
    stop.signal,
  );
  return { control, timer, fold, done, stop: () => stop.abort() };
}

describe('a run that is asked', () => {
  it('saves a checkpoint at once, though none is due and nothing comes', async () => {
    const saved: number[] = [];
    const run = waitingRun(async ({ sequence }) => void saved.push(sequence));
    await expect.poll(() => run.fold.sequence).toBe(100);
    await run.control.checkpoint();
    expect(saved).toEqual([100]);
    await Promise.all([run.control.checkpoint(), run.control.checkpoint()]);
    expect(saved).toEqual([100, 100]);
    run.stop();
    await run.done;
    expect(saved).toEqual([100, 100]);
  });

  it('hears of a checkpoint that could not be saved, and so does the run', async () => {
    const run = waitingRun(async () => {
      throw new Error('the disk is full');
    });
    const asked = expect(run.control.checkpoint()).rejects.toThrow('the disk is full');
    await expect(run.done).rejects.toThrow('the disk is full');
    await asked;
  });

  it('takes nothing more while paused, commits what it has, and can be ended', async () => {
    const run = waitingRun(async () => {}, { samples: never, ms: 20 });
    run.control.pause();
    const [at] = [run.fold.sequence, await sleep(60)];
    expect(run.fold.sequence).toBeLessThanOrEqual(at + 10);
    run.stop();
    await run.done;
  });

  it('measures its stages by the chunk', async () => {
    const run = waitingRun(async () => {});
    await expect.poll(() => run.fold.sequence).toBe(100);
    run.stop();
    await run.done;
    expect(run.timer.timings).toMatchObject({ learn: { count: 10 }, commit: { count: 1 }, checkpoint: { count: 1 } });
    for (const { ms } of Object.values(run.timer.timings)) expect(ms).toBeGreaterThan(0);
  });

  it('lets down whoever waits when it ends', async () => {
    const control = createRunControl();
    const asked = control.checkpoint();
    control.end();
    await expect(asked).rejects.toMatchObject({ code: 'checkpoint-unwritable' });
  });
});
