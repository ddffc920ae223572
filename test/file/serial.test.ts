import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSerial } from '../../src/file/serial.ts';

it('runs one action after the other, in order, past one that failed', async () => {
  const inOrder = createSerial();
  const log: string[] = [];
  const action = (name: string, ms: number) => async () => {
    log.push(`${name} starts`);
    await setTimeout(ms);
    log.push(`${name} ends`);
    if (name === 'b') throw new Error('b fails');
    return name;
  };
  const results = await Promise.allSettled([
    inOrder(action('a', 10)),
    inOrder(action('b', 1)),
    inOrder(action('c', 5)),
  ]);
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  expect(results).toMatchObject([{ value: 'a' }, { reason: new Error('b fails') }, { value: 'c' }]);
});
