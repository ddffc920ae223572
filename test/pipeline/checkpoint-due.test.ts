import { TestScheduler } from 'rxjs/testing';
import { expect, it } from 'vitest';
import { checkpointDue } from '../../src/pipeline/checkpoint-due.ts';

/** Items by the number of records they hold; a capital letter in what is expected marks one that is due. */
const items = { z: { records: 0 }, a: { records: 1 }, b: { records: 2 }, c: { records: 3 } };
const marked = Object.fromEntries(
  Object.entries(items).flatMap(([letter, item]) => [
    [letter, { item, due: false }],
    [letter.toUpperCase(), { item, due: true }],
  ]),
);

/** Asserts what comes of `source` (from `subscription` on) with a checkpoint every 4 records or 10 ms. */
function expectDue(source: string, expected: string, subscription?: string): void {
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
  scheduler.run(({ cold, expectObservable }) => {
    const due$ = cold(source, items).pipe(checkpointDue({ everySamples: 4, everyMs: 10, scheduler }));
    expectObservable(due$, subscription).toBe(expected, marked);
  });
}

it('is due at the record that fills the number, and counts anew from there', () => {
  expectDue('aaaaaaaa|', 'aaaAaaaA|');
  expectDue('bcbbca|', 'bCbBcA|');
});

it('is due once the time has passed and a record has come', () => {
  expectDue('a 9ms a 9ms a|', 'a 9ms A 9ms A|');
  expectDue('a 8ms a a|', 'a 8ms a A|');
  expectDue('20ms a|', '20ms A|');
});

it('counts time anew from a mark, whatever caused it', () => {
  expectDue('5ms c a 8ms a a|', '5ms c A 8ms a A|');
});

it('is due in silence, but only where records have come since the last time', () => {
  expectDue('a 9ms z 9ms z 9ms z|', 'a 9ms Z 9ms z 9ms z|');
  expectDue('10ms z 9ms z|', '10ms z 9ms z|');
});

it('passes items on as they come, and ends and fails with them', () => {
  expectDue('(aa)a-#', '(aa)a-#');
  expectDue('|', '|');
});

it('starts the time with the subscription', () => {
  expectDue('a 4ms a|', '50ms a 4ms a|', '50ms ^');
});
