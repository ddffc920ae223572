import { expect, it } from 'vitest';
import { listedRecords, recordList } from '../../src/sample/listed-records.ts';
import { pieces, takeRecords } from '../../src/sample/record.ts';
import { chunkOf } from './samples.ts';

it('a chunk that is cut short says where the rest begins, across a gap in the log too', () => {
  const { records, ...rest } = chunkOf(['a', 'b', 'c'], 10);
  const gappy = {
    ...rest,
    records: listedRecords(recordList(records).map((record, index) => ({ ...record, offset: 10 + 5 * index }))),
    nextOffset: 30,
  };
  expect(takeRecords(gappy, 2)).toEqual({ ...gappy, records: gappy.records.slice(0, 2), nextOffset: 20 });
  expect(takeRecords(gappy, 0)).toEqual({ ...gappy, records: listedRecords([]), nextOffset: 10 });
  expect(takeRecords(gappy, 3)).toEqual(gappy);
  expect(takeRecords(gappy, 4)).toEqual(gappy);
});

it('a chunk in pieces is the same records, and each piece ends where the next begins', () => {
  const chunk = { ...chunkOf(['a', 'b', 'c', 'd', 'e'], 10), nextOffset: 40 };
  const cut = [...pieces(chunk, 2)];
  expect(cut.map(({ records }) => records.length)).toEqual([2, 2, 1]);
  expect(cut.flatMap(({ records }) => recordList(records))).toEqual(recordList(chunk.records));
  expect(cut.map(({ nextOffset }) => nextOffset)).toEqual([12, 14, 40]);
  expect([...pieces(chunk, 5)]).toEqual([chunk]);
});
