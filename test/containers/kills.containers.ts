// The promise of docs/guarantees.md for the image as it is run: SIGKILL to its container at several moments, while the input
// goes on growing, and every sample is learnt once, every prediction there once, the weights bit for bit.

import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Network, type StartedNetwork } from 'testcontainers';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { startDockerBroker } from '../support/docker-broker.ts';
import { createContainerJob, type Job } from './job.ts';
import { labelKey } from './setup.ts';

const image = inject('image');
const run = inject('containerRun');

/** Resolves at the next change in a folder: a checkpoint is being written. */
function nextChange(folder: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watcher = watch(folder, () => {
    watcher.close();
    resolve();
  });
  return promise;
}

/** Resolves once a whole checkpoint is in a folder. */
async function firstCheckpoint(folder: string): Promise<void> {
  const names = () => readdir(folder).catch((): string[] => []);
  await expect.poll(names, { timeout: 60_000, interval: 20 }).toContainEqual(expect.stringMatching(/\.safetensors$/));
}

describe.skipIf(image === null)('a learner in a container', () => {
  let network: StartedNetwork | null = null;
  let broker: Awaited<ReturnType<typeof startDockerBroker>> | null = null;
  let job: Job | null = null;

  // For each try, that a second one does not go on from what the first one left.
  beforeEach(async () => {
    network = await new Network().start();
    const environment = { KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '500' };
    broker = await startDockerBroker({ network, environment, labels: { [labelKey]: run } });
    job = await createContainerJob({ image: image ?? '', run, network, brokers: broker.brokers });
  });
  afterEach(async () => {
    await job?.remove();
    await broker?.stop();
    await network?.stop();
  });

  it('is killed at every stage of its life, then for good, and nothing is lost, nothing twice, no bit another', async () => {
    if (!job) throw new Error('no job');
    const { committed, checkpoints, startProducer, startLearner } = job;
    const producer = await startProducer(1500);
    const learner = await startLearner();
    const goesOn = async (records: number) => {
      const before = await committed();
      await expect.poll(committed, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(before + records);
    };
    const moments: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['live, its first predictions published', () => goesOn(1)],
      ['hardly started', () => sleep(100)],
      ['listening, and waiting for its partitions', () => learner.untilSaid('metrics at')],
      ['under load, a checkpoint behind it', () => Promise.all([goesOn(1500), firstCheckpoint(checkpoints)])],
      ['its state loaded, about to learn again', () => learner.untilSaid('records, model version')],
      ['a checkpoint being written', () => goesOn(1).then(() => nextChange(checkpoints))],
      ['just live again', () => goesOn(1)],
    ];
    for (const [moment, comes] of moments) {
      await comes();
      await learner.kill();
      console.log(`containers: killed ${moment}; ${await committed()} records committed`);
      await learner.start();
    }
    const standby = await startLearner();
    await standby.untilSaid('standing by');
    await learner.kill();
    console.log(`containers: killed with a standby beside it; ${await committed()} records committed`);
    await goesOn(1);
    const records = await producer.stop();
    await expect.poll(committed, { timeout: 60_000, interval: 200 }).toBe(records);
    const { weightsDigest } = await standby.stop();
    expect(await job.expectExactlyOnce(weightsDigest)).toBe(records - Math.floor(records / 100));
  });
});
