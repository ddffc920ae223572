import { expect, it } from 'vitest';
import { createSequences } from '../../../src/kafka/wire/sequences.ts';

it('numbers the records of each place by themselves, from 0', () => {
  const sequences = createSequences();
  expect([sequences.take('a/0', 3), sequences.take('a/1', 5), sequences.take('a/0', 1)]).toEqual([0, 0, 3]);
  sequences.clear();
  expect([sequences.take('a/0', 3), sequences.take('a/1', 5)]).toEqual([0, 0]);
});

it.each([
  ['just before a batch', [2147483648], 0],
  ['within a batch', [2147483647, 3], 2],
  ['after its last number', [2147483647, 1], 0],
  ['not yet', [2147483646, 1], 2147483647],
])('wraps around within 31 bits, as the broker does: %s', (_case, batches, next) => {
  const sequences = createSequences();
  for (const records of batches) sequences.take('a/0', records);
  expect(sequences.take('a/0', 1)).toBe(next);
});
