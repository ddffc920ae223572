import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { createPartitionChoice } from '../../src/kafka/partition-choice.ts';

describe('the partition of a record', () => {
  it('is the one that Kafka clients choose for its key', () => {
    const theirs = Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 64 }), (key, count) => {
        const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
          partitionErrorCode: 0,
          partitionId,
          leader: 1,
          replicas: [],
          isr: [],
        }));
        const wanted = theirs({ topic: 't', partitionMetadata, message: { key: Buffer.from(key), value: null } });
        expect(createPartitionChoice(count)(null, key)).toBe(wanted);
      }),
    );
  });

  it("is the input's partition where it has one, modulo the partitions there are", () => {
    const choose = createPartitionChoice(3);
    expect([0, 1, 2, 3, 7].map((partition) => choose(partition, Buffer.from('k')))).toEqual([0, 1, 2, 0, 1]);
  });

  it('is each in turn without a key, the same in every run', () => {
    const run = () => {
      const choose = createPartitionChoice(3);
      return Array.from({ length: 7 }, () => choose(null, null));
    };
    expect(new Set(run())).toEqual(new Set([0, 1, 2]));
    expect(run()).toEqual(run());
  });
});
