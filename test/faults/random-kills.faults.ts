// Many deaths of one run, most of them at no point in particular, while its input goes on growing.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { createJob } from './job.ts';
import { between, createDraw } from './seed.ts';

const kills = inject('long') ? 100 : 30;
const stages = ['before-send', 'sent', 'before-offsets', 'offsets-sent', 'committed', 'checkpoint-written'];

it(`${kills} random kills in one run over 4 partitions`, async () => {
  const draw = createDraw('random kills');
  const job = await createJob(inject('faultBrokers'), { partitions: 4 });
  const stopFeeding = job.feed();
  for (let kill = 0; kill < kills; kill++) {
    if (kill % 2 === 0) {
      await job.runInto(`kill:${stages[between(draw, 0, stages.length - 1)]}:${between(draw, 1, 6)}`);
      continue;
    }
    const running = job.start(null);
    await sleep(between(draw, 100, 5000));
    running.child.kill('SIGKILL');
    const { signal, stderr } = await running.finished;
    expect(signal, stderr).toBe('SIGKILL');
  }
  await stopFeeding();
  const { result, samples } = await job.finish();
  expect(samples - result.samples, 'records learnt between the kills').toBeGreaterThan(5000);
});
