// A coordinator takes a partition without a leader for a deleted one: it skips the marker, and calls the transaction complete.
// The records stay open (take-over.ts). A lone broker that is killed in the middle of a commit does so to every partition when
// it is back, but its moment cannot be chosen. So the same is brought about by a broker that takes records for a transaction
// without asking the coordinator whether they are part of it, and by the death of a broker that holds one partition alone.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint-file.ts';
import { createFileNames } from '../../src/checkpoint/file-names.ts';
import { withPatience } from '../../src/kafka/patience.ts';
import { openTransactionalDelivery } from '../../src/kafka/transactional-delivery.ts';
import { createWireCluster } from '../../src/kafka/wire/cluster.ts';
import { createTransactionRequests } from '../../src/kafka/wire/transaction-requests.ts';
import { createWireProducer } from '../../src/kafka/wire/wire-producer.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { createKafkaTool, type KafkaTool } from '../support/kafka-topics.ts';
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

function recordOf(value: string): OutputRecord {
  return { key: null, value: Buffer.from(value), headers: [], timestampMs: null, partition: 0 };
}

/** Leaves a record open on partition 0 of topics, as the job's own producer, in a transaction that no coordinator knows. */
async function leaveOpen({ name }: Job, topics: readonly string[]): Promise<void> {
  const connection = createWireCluster({ brokers: cluster.brokers });
  const transactionalId = `millrace-${name}`;
  const producer = createWireProducer({
    ...{ cluster: connection, transactionalId, batchBytesMax: 1 << 20, patienceMs: 1000 },
    beforeRound: async () => {},
  });
  producer.identify(await createTransactionRequests(connection, transactionalId, name).identify(60_000));
  for (const topic of topics) await producer.add(topic, [recordOf('never to be seen')], 0, 0);
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

/** What a reader sees of a topic. */
async function valuesOf(tool: KafkaTool, topic: string): Promise<string[]> {
  return ((await tool.readAll(topic)).get(0) ?? []).map(({ value }) => String(value));
}

it('what a committed transaction has left open is committed, whole', async () => {
  const { brokers } = cluster;
  const tool = createKafkaTool(brokers);
  const [input, output, journalTopic] = [
    await tool.createTopic(1),
    await tool.createTopic(1),
    await tool.createTopic(1),
  ];
  const name = randomUUID();
  const wire = createWireCluster({ brokers });
  const requests = createTransactionRequests(wire, name, name);
  const identity = await requests.identify(60_000);
  const producer = createWireProducer({
    ...{ cluster: wire, transactionalId: name, batchBytesMax: 1 << 20, patienceMs: 1000 },
    beforeRound: async () => {},
  });
  producer.identify(identity);
  await requests.addPartitions(identity, [{ topic: journalTopic, partition: 0 }]);
  await requests.addOffsets(identity);
  for (const topic of [output, journalTopic]) await producer.add(topic, [recordOf('committed')], 0, 0);
  await producer.drain();
  await requests.sendOffsets(identity, input, new Map([[0, 1]]));
  await requests.commit(identity);
  await wire.close();
  expect(await valuesOf(tool, output)).toEqual([]);
  const delivery = await openTransactionalDelivery({
    ...{ connection: { brokers }, journalTopic, transactionalId: name, timeoutMs: 60_000, producer: 'wire' },
    input: { topic: input, topicId: null, groupId: name },
    outputs: { predictions: output, deadLetters: null },
  });
  expect(delivery.committed).toEqual(new Map([[0, 1]]));
  expect(await valuesOf(tool, output)).toEqual(['committed']);
  await delivery.close();
});

it.runIf(inject('long'))('a commit that one partition was not told of is not taken for done, and then is', async () => {
  const three = await startProcessCluster({
    nodes: 3,
    properties: { ...impatient, 'broker.session.timeout.ms': 3000 },
  });
  onTestFinished(() => three.stop());
  const { brokers } = three;
  const tool = createKafkaTool(brokers);
  const [input, output, journalTopic] = ['in', 'out', 'journal'];
  const admin = tool.kafka.admin();
  await admin.connect();
  const alone = { numPartitions: -1, replicationFactor: -1, replicaAssignment: [{ partition: 0, replicas: [3] }] };
  await admin.createTopics({
    waitForLeaders: false,
    topics: [
      ...[input, journalTopic].map((topic) => ({ topic, numPartitions: 1, replicationFactor: 3 })),
      { topic: output, ...alone, configEntries: [{ name: 'min.insync.replicas', value: '1' }] },
    ],
  });
  await admin.disconnect();
  const open = () =>
    withPatience(60_000, () =>
      openTransactionalDelivery({
        ...{ connection: { brokers }, journalTopic, transactionalId: 'lone', timeoutMs: 60_000, producer: 'wire' },
        input: { topic: input, topicId: null, groupId: 'lone' },
        outputs: { predictions: output, deadLetters: null },
      }),
    );
  const boundary = { sequence: 1, positions: new Map([[0, 1]]), ranges: [], modelVersion: 1, weightsDigest: null };
  const delivery = await open();
  await delivery.write({ predictions: [recordOf('half committed')], deadLetters: [] });
  await expect.poll(() => endsOf(brokers, output)).toEqual({ end: 1, stable: 0 });
  await three.kill(2);
  await sleep(6000);
  await expect(delivery.commit(boundary)).rejects.toMatchObject({ code: 'commit-unknown' });
  await delivery.close();
  await three.restart(2);
  const next = await open();
  expect(next.committed).toEqual(new Map([[0, 1]]));
  expect(await valuesOf(tool, output)).toEqual(['half committed']);
  await next.close();
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
