// Records as columns: they are what was written, in whatever slices, and keep no more bytes than they lie in.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/kafka/wire/record-reader.ts';
import { listedRecords, recordList } from '../../../src/sample/listed-records.ts';
import type { Records } from '../../../src/sample/record.ts';
import { createSpan, viewOf } from '../../../src/sample/span.ts';
import { placed, record, sealed, valued, zipped } from './batches.ts';

const everything = { from: 0, to: Number.POSITIVE_INFINITY, aborted: [] };

/** What the accessors say of each record, as those who read in place see it. */
function inPlace(records: Records) {
  const span = createSpan();
  return Array.from({ length: records.length }, (_, index) => ({
    key: records.readKey(index, span) ? Buffer.from(viewOf(span)) : null,
    value: records.readValue(index, span) ? Buffer.from(viewOf(span)) : null,
    headers: records.headers(index).map(([name, value]) => [name, Buffer.from(value)]),
    timestampMs: records.timestampMs(index),
    offset: records.offset(index),
  }));
}

describe('fetched records', () => {
  it('are the records that were written, in place, by themselves and in slices of slices', () => {
    const batch = fc.record({ records: fc.array(record, { minLength: 1, maxLength: 9 }), isZipped: fc.boolean() });
    const bounds = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50));
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), bounds, (batches, bounds) => {
        const written = batches.flatMap(({ records }) => records);
        let baseOffset = 0;
        const log = batches.map(({ records, isZipped }) => {
          const bytes = placed(records, { baseOffset });
          baseOffset += records.length;
          return isZipped ? zipped(bytes) : bytes;
        });
        const { records } = readRecords(Buffer.concat(log), everything);
        const list = listedRecords(written.map(({ partition: _, ...rest }, offset) => ({ ...rest, offset })));
        expect(recordList(records)).toEqual(recordList(list));
        const [a, b, c, d] = bounds.map((bound) => Math.min(bound, written.length)).sort((one, other) => one - other);
        const [outer, wanted] = [records, list].map((whole) => whole.slice(a, d));
        expect(inPlace(outer)).toEqual(inPlace(wanted));
        expect(inPlace(outer.slice(b - a, c - a))).toEqual(inPlace(wanted.slice(b - a, c - a)));
      }),
      { numRuns: 100 },
    );
  });

  it('have NaN for a time that there is not', () => {
    const { records } = readRecords(placed([{ ...valued('x'), timestampMs: -1 }], { baseOffset: 0 }), everything);
    expect(records.timestampMs(0)).toBeNaN();
  });

  it('hold the bytes of what they were decompressed to only where they lie in them', () => {
    const log = [0, 1, 2].map((baseOffset) => zipped(placed([valued(`v${baseOffset}`)], { baseOffset })));
    const slice = readRecords(Buffer.concat(log), everything).records.slice(1, 2);
    expect(slice).toMatchObject({ buffers: [expect.any(Buffer)] });
    expect(String(slice.at(0).value)).toBe('v1');
  });

  it.each([
    ['a value longer than its record', 61 + 5, 40],
    ['a header that is not there', 61 + 8, 2],
    ['a record longer than its batch', 61, 60],
  ])('are refused where the bytes say they have %s', (_, at, byte) => {
    const batch = placed([valued('ab'), valued('cd')], { baseOffset: 4 });
    batch[at] = byte;
    expect(() => readRecords(sealed(batch), everything)).toThrow(
      /batch at offset 4 cannot be read: the record at offset 4 (does not end where it says|has no end)/,
    );
  });

  it('are refused where there are fewer than the batch says, however many those would be', () => {
    const batch = placed([valued('ab')], { baseOffset: 4 });
    batch.writeInt32BE(0x7fffffff, 57);
    expect(() => readRecords(sealed(batch), everything)).toThrow(/batch at offset 4 cannot be read/);
  });
});
