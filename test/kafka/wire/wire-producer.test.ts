// What becomes of batches that a broker refuses, loses the answer of, or leaves waiting.

import { describe, expect, it, onTestFinished } from 'vitest';
import { createWireCluster } from '../../../src/kafka/wire/cluster.ts';
import { createWireProducer } from '../../../src/kafka/wire/wire-producer.ts';
import type { OutputRecord } from '../../../src/sample/record.ts';
import { type ReceivedBatch, startScriptedBroker, type Verdict } from '../../support/scripted-broker.ts';

const notLeader = 6;
const tooLarge = 10;
const duplicateSequence = 46;
const invalidProducerEpoch = 47;

const taken = (batches: readonly ReceivedBatch[]) => batches.map(() => 0);

async function open(judge: (batches: readonly ReceivedBatch[], number: number) => Verdict | Promise<Verdict>) {
  const broker = await startScriptedBroker(judge);
  const cluster = createWireCluster({ brokers: [broker.address] });
  onTestFinished(async () => {
    await cluster.close();
    await broker.close();
  });
  const producer = createWireProducer({
    ...{ cluster, transactionalId: null, batchBytesMax: 1 << 20, patienceMs: 2000 },
    beforeRound: async () => {},
  });
  producer.identify({ id: 7n, epoch: 3 });
  return { broker, producer };
}

function recordOf(bytes: number): OutputRecord[] {
  return [{ key: null, value: Buffer.alloc(bytes), headers: [], timestampMs: 1, partition: 0 }];
}

/** What tells a batch from others. */
function shape(requests: readonly (readonly ReceivedBatch[])[]) {
  return requests.map((batches) =>
    batches.map(({ partition, firstSequence, records }) => ({ partition, firstSequence, records })),
  );
}

describe('a round of batches', () => {
  it('goes out under one identity, each partition numbered by itself', async () => {
    const { broker, producer } = await open(taken);
    for (const partition of [0, 1, 1]) await producer.add('t', recordOf(1), 0, partition);
    await producer.drain();
    for (const partition of [0, 1]) await producer.add('t', recordOf(1), 0, partition);
    await producer.drain();
    expect(shape(broker.requests)).toEqual([
      [
        { partition: 0, firstSequence: 0, records: 1 },
        { partition: 1, firstSequence: 0, records: 2 },
      ],
      [
        { partition: 0, firstSequence: 1, records: 1 },
        { partition: 1, firstSequence: 2, records: 1 },
      ],
    ]);
    expect(broker.requests.flat().every(({ producer: id, epoch }) => id === 7n && epoch === 3)).toBe(true);
    expect([0, 1, 2].map((partition) => producer.lastOffset('t', partition))).toEqual([1, 2, null]);
  });

  it('of which one partition is refused: that batch alone goes again, byte for byte', async () => {
    const { broker, producer } = await open((batches, number) => (number === 0 ? [notLeader, 0] : taken(batches)));
    for (const partition of [0, 1]) await producer.add('t', recordOf(1), 0, partition);
    await producer.drain();
    const [[refused], again] = broker.requests;
    expect(again).toEqual([refused]);
    expect(broker.requests).toHaveLength(2);
    expect([producer.lastOffset('t', 0), producer.lastOffset('t', 1)]).toEqual([0, 0]);
    await producer.add('t', recordOf(1), 0, 0);
    await producer.drain();
    expect(shape(broker.requests)[2]).toEqual([{ partition: 0, firstSequence: 1, records: 1 }]);
  });

  it('whose answer is lost goes again, and counts as confirmed where the broker has it already', async () => {
    const { broker, producer } = await open((batches, number) => {
      if (number === 1) return 'cut';
      return number === 2 ? batches.map(() => duplicateSequence) : taken(batches);
    });
    await producer.add('t', recordOf(1), 0, 0);
    await producer.drain();
    expect(producer.lastOffset('t', 0)).toBe(0);
    for (let count = 0; count < 3; count++) await producer.add('t', recordOf(1), 0, 0);
    await producer.drain();
    expect(broker.requests[2]).toEqual(broker.requests[1]);
    // Where it is, the broker did not say.
    expect(producer.lastOffset('t', 0)).toBeNull();
    await producer.add('t', recordOf(1), 0, 0);
    await producer.drain();
    expect(shape(broker.requests)[3]).toEqual([{ partition: 0, firstSequence: 4, records: 1 }]);
  });

  it.each([
    ['is refused for good', (): Verdict => [tooLarge, 0], { apiId: 'MESSAGE_TOO_LARGE' }],
    ['is fenced', (): Verdict => [notLeader, invalidProducerEpoch], { apiId: 'INVALID_PRODUCER_EPOCH' }],
    ['is not spoken of in the answer', (): Verdict => [0, null], { code: 'kafka-produce-incomplete' }],
  ])('that %s fails whatever is added or waited for afterwards', async (_case, judge, failure) => {
    const { broker, producer } = await open(judge);
    for (const partition of [0, 1]) await producer.add('t', recordOf(1), 0, partition);
    producer.begin();
    // For a second round, which must not come.
    await producer.add('t', recordOf(1), 0, 0);
    await expect(producer.drain()).rejects.toMatchObject(failure);
    expect(() => producer.add('t', recordOf(1), 0, 0)).toThrow(expect.objectContaining(failure));
    producer.begin();
    await expect(producer.drain()).rejects.toMatchObject(failure);
    await expect(producer.halt()).rejects.toMatchObject(failure);
    expect(broker.requests).toHaveLength(1);
  });
});

describe('the bound on what waits', () => {
  /** Adds records of 64 KiB until there is no room, with the first request unanswered; gives how many and the promise. */
  async function fillUp(verdict: Verdict) {
    const gate = Promise.withResolvers<void>();
    const { broker, producer } = await open(async (batches, number) => {
      if (number > 0) return taken(batches);
      await gate.promise;
      return verdict;
    });
    const record = recordOf(65_536);
    let added = 0;
    let room: Promise<void> | undefined;
    while (room === undefined && added < 1000) {
      room = producer.add('t', record, 0, 0);
      added++;
      await new Promise(setImmediate);
    }
    return { broker, producer, added, room, letGo: gate.resolve };
  }

  it('makes whoever adds wait until there is room', async () => {
    const { broker, producer, added, room, letGo } = await fillUp([0]);
    // 8 MiB beside the batch on its way.
    expect(added * 65_536).toBeGreaterThan(8 << 20);
    expect(added * 65_536).toBeLessThan((8 << 20) + (1 << 20) + 2 * 65_536);
    let isIn = false;
    void room?.then(() => {
      isIn = true;
    });
    await expect.poll(() => broker.requests.length).toBe(1);
    expect(isIn).toBe(false);
    letGo();
    await room;
    await producer.drain();
    expect(broker.requests.flat().reduce((sum, { records }) => sum + records, 0)).toBe(added);
    expect(broker.requests.flat().every(({ bytes }) => bytes.length <= 1 << 20)).toBe(true);
  });

  it('does not keep them waiting for a round that fails', async () => {
    const { room, letGo } = await fillUp([tooLarge]);
    letGo();
    await expect(room).rejects.toMatchObject({ apiId: 'MESSAGE_TOO_LARGE' });
  });
});

it('a producer that is halted waits for what is on its way and sends nothing more', async () => {
  const gate = Promise.withResolvers<void>();
  const { broker, producer } = await open(async (batches) => {
    await gate.promise;
    return taken(batches);
  });
  await producer.add('t', recordOf(1), 0, 0);
  producer.begin();
  await expect.poll(() => broker.requests.length).toBe(1);
  await producer.add('t', recordOf(1), 0, 0);
  let isQuiet = false;
  const halting = producer.halt().then(() => {
    isQuiet = true;
  });
  const draining = expect(producer.drain()).rejects.toThrow('the producer is closed');
  await new Promise(setImmediate);
  expect(isQuiet).toBe(false);
  gate.resolve();
  await halting;
  await draining;
  expect(() => producer.add('t', recordOf(1), 0, 0)).toThrow('the producer is closed');
  expect(broker.requests).toHaveLength(1);
});
