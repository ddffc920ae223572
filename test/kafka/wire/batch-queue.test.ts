import { expect, it } from 'vitest';
import { createBatchQueue } from '../../../src/kafka/wire/batch-queue.ts';
import type { OutputRecord } from '../../../src/sample/record.ts';

/** Of about `bytes` bytes on the wire. */
function recordOf(bytes: number): OutputRecord[] {
  return [{ key: null, value: Buffer.alloc(bytes), headers: [], timestampMs: 1, partition: 0 }];
}

function summary(queue: ReturnType<typeof createBatchQueue>) {
  return queue.take().map(({ topic, partition, batch }) => [topic, partition, batch.records]);
}

it('fills one batch for each partition and gives them all away at a time', () => {
  const queue = createBatchQueue(1 << 20);
  expect([queue.isEmpty, queue.bytes, summary(queue)]).toEqual([true, 0, []]);
  for (const partition of [0, 2, 0, 2, 2]) queue.add('a', recordOf(10), 0, partition);
  queue.add('b', recordOf(10), 0, 0);
  expect([queue.isEmpty, queue.hasFull]).toEqual([false, false]);
  expect(queue.bytes).toBeGreaterThan(60);
  expect(summary(queue)).toEqual([
    ['a', 0, 2],
    ['a', 2, 3],
    ['b', 0, 1],
  ]);
  expect([queue.isEmpty, queue.bytes, summary(queue)]).toEqual([true, 0, []]);
});

it('gives full batches first, one of each partition at a time, in order', () => {
  const queue = createBatchQueue(1000);
  // Two of 400 fit beside each other, and beside one of 200 only one more.
  for (const bytes of [400, 400, 400, 200, 700]) queue.add('a', recordOf(bytes), 0, 0);
  queue.add('a', recordOf(10), 0, 1);
  expect(queue.hasFull).toBe(true);
  const taken = [];
  while (!queue.isEmpty) taken.push(queue.take().map(({ partition, batch }) => [partition, batch.records]));
  expect(taken).toEqual([
    [
      [0, 2],
      [1, 1],
    ],
    [[0, 2]],
    [[0, 1]],
  ]);
  expect([queue.hasFull, queue.bytes]).toEqual([false, 0]);
});

it('counts what waits, byte for byte of what is sent', () => {
  const queue = createBatchQueue(1000);
  for (let index = 0; index < 50; index++) queue.add('a', recordOf(index * 30), 0, index % 3);
  const before = queue.bytes;
  let sent = 0;
  while (!queue.isEmpty) {
    for (const { batch } of queue.take()) {
      sent += batch.seal({ id: 1n, epoch: 0, isTransactional: false }, 0).length;
      expect(batch.records === 1 || batch.bytes <= 1000).toBe(true);
    }
  }
  expect(sent).toBe(before);
});
