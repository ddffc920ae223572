import { from, lastValueFrom } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, it } from 'vitest';
import { limitRecords } from '../../src/pipeline/limit-records.ts';
import { chunkOf } from '../sample/samples.ts';

const abc = chunkOf(['a', 'b', 'c']);
const ab = { ...abc, records: abc.records.slice(0, 2), nextOffset: 2 };
const de = chunkOf(['d', 'e'], 3);
const values = { x: abc, w: ab, y: de, s: null };

function expectLimited(limit: number, source: string, expected: string, subscription: string | string[]): void {
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run((marbles) => {
    const source$ = marbles.cold(source, values);
    marbles.expectObservable(source$.pipe(limitRecords(limit))).toBe(expected, values);
    marbles.expectSubscriptions(source$.subscriptions).toBe(subscription);
  });
}

it('cuts the chunk in which the limit falls, and leaves the source', () => {
  expectLimited(2, '-x-y-|', '-(w|)', '^!');
  expectLimited(5, '-x-y-y|', '-x-(y|)', '^--!');
});

it('ends with the source where there are fewer records', () => {
  expectLimited(9, '-x-y-|', '-x-y-|', '^----!');
  expectLimited(9, '-x-#', '-x-#', '^--!');
});

it('lets silence through', () => {
  expectLimited(5, 's-x-s-y', 's-x-s-(y|)', '^-----!');
});

it('takes nothing at all where the limit is 0', () => {
  expectLimited(0, '-x', '|', []);
});

it('ends though the source never lets go by itself', async () => {
  function* endless() {
    for (;;) yield de;
  }
  expect(await lastValueFrom(from(endless()).pipe(limitRecords(7)))).toMatchObject({ nextOffset: 4 });
});
