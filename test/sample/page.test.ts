import { expect, it } from 'vitest';
import { copyWords, pageOf } from '../../src/sample/page.ts';

it('copies the bytes that it is told to, wherever they lie, and no other', () => {
  // Both lie in the middle of larger memory, as slices of a pool do.
  const source = pageOf(Buffer.from('..0123456789.').subarray(2, 12));
  for (const [from, to] of [
    [0, 0],
    [0, 1],
    [3, 7],
    [1, 10],
    [2, 10],
  ]) {
    const { bytes, view } = pageOf(Buffer.alloc(20, '#').subarray(3));
    const end = copyWords(view, 5, source.view, from, to);
    expect(bytes.toString('latin1')).toBe(`#####${'0123456789'.slice(from, to)}`.padEnd(17, '#'));
    expect(end).toBe(5 + to - from);
  }
});
