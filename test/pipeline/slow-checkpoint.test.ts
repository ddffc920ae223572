import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runPipeline } from '../../src/pipeline/pipeline.ts';
import type { Boundary } from '../../src/pipeline/ports.ts';
import type { Positions } from '../../src/sample/record.ts';
import { sourceOver } from './parts.ts';
import { forever, never, pipelineOf, records } from './watched-pipeline.ts';

describe('a checkpoint that takes long', () => {
  /** A run that commits every 10 records and saves every 30, slowly. */
  function slowly(fails: boolean) {
    let [running, most] = [0, 0];
    const parts = pipelineOf({
      commitEvery: { samples: 10, ms: never },
      checkpointEvery: { samples: 30, ms: never },
      save: async ({ sequence }) => {
        parts.log.push(`save ${sequence}`);
        most = Math.max(most, ++running);
        await sleep(20);
        running--;
        if (fails) throw new Error('disk full');
        parts.log.push(`saved ${sequence}`);
      },
    });
    return { ...parts, running: () => running, most: () => most };
  }

  it('does not hold up the commits that follow, never runs twice at a time, and is waited for at the end', async () => {
    const { options, log, boundaries, running, most } = slowly(false);
    const delivery = {
      ...options.delivery,
      commit: (boundary: Boundary) => {
        log.push(`commit ${boundary.sequence}`);
        return options.delivery.commit(boundary);
      },
    };
    await runPipeline({ ...options, delivery }, forever);
    expect(log.indexOf('commit 50')).toBeGreaterThan(log.indexOf('save 30'));
    expect(log.indexOf('commit 50')).toBeLessThan(log.indexOf('saved 30'));
    expect(log.indexOf('save 60')).toBeGreaterThan(log.indexOf('saved 30'));
    expect([running(), most(), boundaries.at(-1)?.sequence]).toEqual([0, 1, 100]);
    expect(log.filter((line) => line.startsWith('saved'))).toEqual(['saved 30', 'saved 60', 'saved 90', 'saved 100']);
  });

  it('fails the run when it fails though nothing comes any more', async () => {
    const stuck = sourceOver(records.slice(0, 40), 10);
    const source = {
      ...stuck,
      async *chunks(from: Positions, signal: AbortSignal) {
        yield* stuck.chunks(from, signal);
        await new Promise(() => {});
      },
    };
    const { options } = slowly(true);
    await expect(runPipeline({ ...options, source }, forever)).rejects.toThrow('disk full');
  });

  it('fails the run when it fails, and is over when the run is', async () => {
    const { options, log, running } = slowly(true);
    await expect(runPipeline(options, forever)).rejects.toThrow('disk full');
    expect(running()).toBe(0);
    expect(log.filter((line) => /^(saved|acknowledge)/.test(line))).toEqual([]);
  });
});
