import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFixedFramer } from '../../src/file/fixed-framer.ts';

/** The records of these bytes when they come cut at these places. */
function frame(bytes: Buffer, recordBytes: number, cuts: readonly number[]): string[] {
  const framer = createFixedFramer(recordBytes);
  const records: Uint8Array[] = [];
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  // Memory of its own for each read, as a reader gives it.
  let from = 0;
  for (const end of ends) {
    framer.push(Buffer.from(bytes.subarray(from, end)), records);
    from = end;
  }
  framer.end(records);
  return records.map((record) => Buffer.from(record).toString('hex'));
}

it('cuts every so many bytes, and what is left at the end is a shorter record', () => {
  expect(frame(Buffer.from('aabbc'), 2, [])).toEqual(['6161', '6262', '63']);
  expect(frame(Buffer.from('aabb'), 2, [1, 1, 3])).toEqual(['6161', '6262']);
  expect(frame(Buffer.alloc(0), 2, [])).toEqual([]);
});

it('cuts the same wherever the reads end', () => {
  const any = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(any, fc.integer({ min: 1, max: 30 }), fc.array(fc.nat(200), { maxLength: 20 }), (bytes, size, cuts) => {
      const whole = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size).toString('hex'),
      );
      expect(frame(bytes, size, cuts)).toEqual(whole);
    }),
    { numRuns: 500, seed: 7 },
  );
});
