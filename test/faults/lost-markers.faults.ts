// A broker that has promised a commit, dies before it has written the commit's markers and comes back while its partitions
// have no leader, takes them for deleted: no marker is ever written, and the records stay open (take-over.ts).
// Its moment cannot be chosen. So the same is brought about by a broker that takes records for a transaction without asking
// the coordinator whether it knows of one.

import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint-file.ts';
import { createFileNames } from '../../src/checkpoint/file-names.ts';
import { createWireCluster } from '../../src/kafka/wire/cluster.ts';
import { createTransactionRequests } from '../../src/kafka/wire/transaction-requests.ts';
import { createWireProducer } from '../../src/kafka/wire/wire-producer.ts';
import { endsOf } from '../support/partition-ends.ts';
import { type ProcessCluster, startProcessCluster } from '../support/process-broker.ts';
import { checkpointsIn } from '../system/support.ts';
import { createJob, type Job, producers, resultOf } from './job.ts';
import { impatient } from './setup.ts';

let cluster: ProcessCluster;
beforeAll(async () => {
  const properties = { ...impatient, 'transaction.partition.verification.enable': 'false' };
  cluster = await startProcessCluster({ properties });
});
afterAll(() => cluster.stop());

/** Leaves a record open on partition 0 of topics, as the job's own producer, in a transaction that no coordinator knows. */
async function leaveOpen({ name }: Job, topics: readonly string[]): Promise<void> {
  const connection = createWireCluster({ brokers: cluster.brokers });
  const transactionalId = `millrace-${name}`;
  const producer = createWireProducer({
    ...{ cluster: connection, transactionalId, batchBytesMax: 1 << 20, patienceMs: 1000 },
    beforeRound: async () => {},
  });
  producer.identify(await createTransactionRequests(connection, transactionalId, name).identify(60_000));
  const record = { key: null, value: Buffer.from('never to be seen'), headers: [], timestampMs: null, partition: 0 };
  for (const topic of topics) await producer.add(topic, [record], 0, 0);
  await producer.drain();
  await connection.close();
}

it.each(producers)('records that stay open without a transaction are never seen, with %s', async (producer) => {
  const job = await createJob(cluster.brokers, { partitions: 2, settings: [`producer=${producer}`] });
  await job.fill(0, 3000);
  resultOf(await job.start(null, '--samples', '2000').finished);
  const topics = [job.output, job.dead, job.journal];
  await leaveOpen(job, topics);
  for (const topic of topics) {
    const { end, stable } = await endsOf(cluster.brokers, topic);
    expect(stable, `${topic} has a record open`).toBe(end - 1);
  }
  expect((await job.finish()).samples).toBe(3000);
});

it('a checkpoint of a commit that was lost so is passed over, and said', async () => {
  const job = await createJob(cluster.brokers);
  await job.fill(0, 3000);
  resultOf(await job.start(null, '--samples', '2000').finished);
  // What this one has written the next one aborts, its entry of the journal too.
  await job.runInto('kill:offsets-sent:1');
  const lost = (await endsOf(cluster.brokers, job.journal)).end - 1;
  const sound = checkpointsIn(job.checkpoints).at(-1) ?? '';
  const { tensors, meta } = decodeCheckpoint(readFileSync(sound));
  const ahead = sound.replace(/[^/]*$/, createFileNames(job.name).checkpoint(2400));
  const marks = { predictions: null, deadLetters: null, journal: lost + 1 };
  writeFileSync(ahead, encodeCheckpoint({ sequence: 2400, tensors, meta: { ...meta, marks } }));
  const { stderr, samples } = await job.finish();
  expect(stderr).toContain(
    `checkpoint ${ahead} is of a commit that Kafka has lost, at offset ${lost} of topic '${job.journal}'; passing over it`,
  );
  expect(stderr).toContain(`checkpoint ${sound}:`);
  expect(samples).toBe(3000);
});
