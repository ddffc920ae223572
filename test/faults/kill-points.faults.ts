// kill -9 at each point of a commit and of a checkpoint: every one of them leaves another half done.

import { readdirSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { createJob, producers } from './job.ts';
import { between, createDraw } from './seed.ts';

const brokers = inject('faultBrokers');
const times = inject('long') ? 6 : 2;

/** kafkajs adds partitions and announces offsets within calls of its own. */
const ofTheWire = [['between the partitions and the announcement of offsets', 'partitions-added']];

describe.each(producers)('kill -9, records written by %s', (producer) => {
  it.each([
    ['before a send', 'before-send'],
    ...(producer === 'wire' ? ofTheWire : []),
    ['after a send', 'sent'],
    ['after the offsets', 'offsets-sent'],
    ['after the end of a transaction', 'committed'],
    ['while a checkpoint is written', 'checkpoint-written'],
  ])('%s', async (name, stage) => {
    const draw = createDraw(name);
    // A checkpoint after every commit, so that each death meets one.
    const job = await createJob(brokers, { settings: ['checkpoint.everySamples=1', `producer=${producer}`] });
    await job.fill(0, 6000);
    for (let time = 0; time < times; time++) await job.runInto(`kill:${stage}:${between(draw, 1, 3)}`);
    const left = readdirSync(job.checkpoints).filter((file) => file.includes('.tmp-'));
    // The checkpoint of one commit is written while the next one is on its way, and may be what the death meets.
    expect(left.length, 'files that the dead left half-written').toBeLessThanOrEqual(1);
    if (stage === 'checkpoint-written') expect(left).toHaveLength(1);
    const { result, samples, stderr } = await job.finish();
    expect(samples).toBe(6000);
    expect(result.samples, 'learnt after the last death').toBeGreaterThan(0);
    // What a death leaves half-written is no checkpoint, not even a damaged one.
    expect(stderr).not.toContain('damaged');
    expect(readdirSync(job.checkpoints).filter((file) => file.includes('.tmp-'))).toEqual([]);
  });

  it('with all records confirmed and their offsets not yet sent', async () => {
    const draw = createDraw('records without offsets');
    const job = await createJob(brokers, { settings: [`producer=${producer}`] });
    await job.fill(0, 6000);
    for (let time = 0; time < times; time++) {
      // Over the wire the offsets go beside the records: these wait, so that the others are first.
      const nth = between(draw, 1, 3);
      const { stderr } = await job.runInto(`hold:before-offsets:${nth},kill:sent:${nth}`);
      expect(stderr).toContain('kill at sent');
    }
    const { result, samples } = await job.finish();
    expect(samples).toBe(6000);
    expect(result.samples, 'learnt after the last death').toBeGreaterThan(0);
  });
});
