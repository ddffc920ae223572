import { expect, it } from 'vitest';
import { createRangeLog } from '../../src/pipeline/range-log.ts';

const range = (partition: number, from: number, to: number, records = to - from) => ({ partition, from, to, records });

it('joins what one partition goes on with, and keeps the order of the partitions', () => {
  const log = createRangeLog();
  for (const part of [range(0, 0, 5), range(0, 5, 9, 3), range(1, 0, 2), range(0, 9, 10), range(0, 12, 13)])
    log.add(part);
  expect(log.take()).toEqual([range(0, 0, 9, 8), range(1, 0, 2), range(0, 9, 10), range(0, 12, 13)]);
});

it('starts anew with each taking, and does not change what was taken', () => {
  const log = createRangeLog();
  log.add(range(0, 0, 5));
  const first = log.take();
  log.add(range(0, 5, 7));
  expect([first, log.take(), log.take()]).toEqual([[range(0, 0, 5)], [range(0, 5, 7)], []]);
});
