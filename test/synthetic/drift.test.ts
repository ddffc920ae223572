import { expect, it } from 'vitest';
import { conceptAt } from '../../src/synthetic/drift.ts';

const concepts = (options: Parameters<typeof conceptAt>[1]) =>
  [0, 1, 4, 5, 6, 9, 10, 11, 100].map((index) => conceptAt(index, options));

it('the concept changes at the records named, every so many records, or both', () => {
  expect(concepts({})).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(concepts({ drifts: [10, 5] })).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  expect(concepts({ driftEvery: 5 })).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 20]);
  expect(concepts({ driftEvery: 10, drifts: [5] })).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 11]);
});
