// The Kafka source and sink keep the contracts that every adapter keeps, against a real broker.

import { randomUUID } from 'node:crypto';
import { describe } from 'vitest';
import { createKafkaSink } from '../../src/kafka/kafka-sink.ts';
import { createKafkaSource } from '../../src/kafka/kafka-source.ts';
import { describeSinkContract } from '../contract/sink.ts';
import { describeSourceContract } from '../contract/source.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { consumers } from './read-source.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);
const connection = { brokers };

describe.skipIf(brokers.length === 0)('Kafka', () => {
  const shapes = consumers.flatMap((consumer) => [1, 4].map((partitions) => ({ consumer, partitions })));
  for (const { consumer, partitions } of shapes) {
    describeSourceContract(`Kafka, consumer: ${consumer}, ${partitions} partitions`, async () => {
      const topic = await tool.createTopic(partitions);
      const expected = Array.from({ length: partitions }, (_, partition) =>
        Array.from({ length: 30 + 10 * partition }, (_, index) => `{"features":[${partition},${index}]}`),
      );
      const messages = expected.flatMap((values, partition) => values.map((value) => ({ value, partition })));
      await tool.send(topic, messages);
      const groupId = randomUUID();
      return {
        expected,
        create: () => createKafkaSource({ connection, topic, groupId, consumer, stopAtEnd: true }),
        createUnending: () => createKafkaSource({ connection, topic, groupId, consumer }),
        resumeEvery: 23,
        broken: {
          create: () => createKafkaSource({ connection, topic: 'absent', groupId, consumer }),
          code: 'kafka-topic-missing',
        },
      };
    });
  }

  describeSinkContract('Kafka', async () => {
    const topic = await tool.createTopic(1);
    return {
      create: () => createKafkaSink({ connection, topic }),
      read: async () => ((await tool.readAll(topic)).get(0) ?? []).map(({ value }) => String(value)),
      keepsMark: false,
      broken: { create: () => createKafkaSink({ connection, topic: 'absent' }), code: 'kafka-topic-missing' },
    };
  });
});
