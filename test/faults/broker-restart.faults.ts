// A broker killed with SIGKILL and started again on the same ports: the source goes on where it was, the sink repeats
// nothing and leaves nothing out.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaSink } from '../../src/kafka/kafka-sink.ts';
import { createKafkaSource } from '../../src/kafka/kafka-source.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import { consumers } from '../kafka/read-source.ts';
import { claimedChunks } from '../support/claimed-chunks.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { type ProcessCluster, startProcessCluster } from '../support/process-broker.ts';

let cluster: ProcessCluster;
beforeAll(async () => {
  cluster = await startProcessCluster();
});
afterAll(() => cluster.stop());

describe('a broker that dies and comes back', () => {
  const retry = { retries: 8, initialMs: 100, maxMs: 2000 };

  it.each(consumers)(
    'costs the source (consumer: %s) and the sink no record, and gives none twice',
    async (consumer) => {
      const tool = createKafkaTool(cluster.brokers);
      const connection = { brokers: cluster.brokers, retry };
      const input = await tool.createTopic(2);
      const output = await tool.createTopic(2);
      const values = Array.from({ length: 2000 }, (_, index) => String(index));
      await tool.send(
        input,
        values.map((value, index) => ({ value, partition: index % 2 })),
        10,
      );
      const source = createKafkaSource({
        connection,
        topic: input,
        groupId: randomUUID(),
        stopAtEnd: true,
        consumer,
        maxBytesPerPartition: 1024,
      });
      const sink = createKafkaSink({ connection, topic: output });
      await source.open();
      await sink.open(null);
      let restarted: Promise<void> | null = null;
      let seen = 0;
      for await (const { records, partition } of claimedChunks(source, new Map(), new AbortController().signal)) {
        seen += records.length;
        await sink.write(recordList(records).map((record) => ({ ...record, partition })));
        if (restarted === null && seen > 500) {
          restarted = cluster
            .kill(0)
            .then(() => sleep(1500))
            .then(() => cluster.restart(0));
        }
      }
      await restarted;
      await sink.flush();
      await source.close();
      await sink.close();
      const found = await tool.readAll(output);
      const wanted = [0, 1].map((parity) => values.filter((_, index) => index % 2 === parity));
      expect([...found.values()].map((messages) => messages.map(({ value }) => String(value)))).toEqual(wanted);
    },
  );
});
