// Batches made by Millrace's own writer, read back; and transactions against an oracle that keeps no batches.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/kafka/wire/record-reader.ts';
import { recordList } from '../../../src/sample/listed-records.ts';
import { placed, record, valued, zipped } from './batches.ts';

const everything = { from: 0, to: Number.POSITIVE_INFINITY, aborted: [] };
function marker(producer: bigint, baseOffset: number, type: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]);
  const record = { key, value: Buffer.alloc(6), headers: [], timestampMs: 1, partition: 0 };
  return placed([record], { baseOffset, producer, attributes: 1 << 5 });
}

describe('record batches', () => {
  it('give back what was written, at its offsets, over gaps, and only what was asked for', () => {
    const batch = fc.record({ records: fc.array(record, { minLength: 1, maxLength: 12 }), gap: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 5 }), fc.nat(40), fc.nat(40), (batches, from, length) => {
        let end = 0;
        const log = batches.map(({ records, gap }) => {
          const baseOffset = end + gap;
          end = baseOffset + records.length;
          return { baseOffset, records, bytes: placed(records, { baseOffset }) };
        });
        const to = from + length;
        const read = readRecords(Buffer.concat(log.map((one) => one.bytes)), { from, to, aborted: [] });
        const wanted = log
          .flatMap(({ baseOffset, records }) =>
            records.map(({ partition: _, ...rest }, index) => ({ ...rest, offset: baseOffset + index })),
          )
          .filter(({ offset }) => offset >= from && offset < to);
        expect(recordList(read.records)).toEqual(wanted);
        expect(read.nextOffset).toBe(Math.max(from, Math.min(to, end)));
      }),
      { numRuns: 300 },
    );
  });

  it('are read as far as they came whole', () => {
    const log = [0, 1, 2].map((baseOffset) => placed([valued(`v${baseOffset}`)], { baseOffset }));
    const whole = Buffer.concat(log);
    for (let length = 0; length <= whole.length; length++) {
      const { records, nextOffset } = readRecords(whole.subarray(0, length), everything);
      expect(nextOffset).toBe(Math.floor(length / log[0].length));
      expect(recordList(records).map(({ offset }) => offset)).toEqual([0, 1, 2].slice(0, nextOffset));
    }
  });

  it('are read as far as is wanted at a time, as long as they are when decompressed', () => {
    const long = (baseOffset: number) => zipped(placed([valued('x'.repeat(1000))], { baseOffset }));
    const log = Buffer.concat([long(0), placed([], { baseOffset: 1, span: 4 }), long(5), long(6), long(7)]);
    const read = (bytesMax: number, from = 0) => readRecords(log, { ...everything, from, bytesMax });
    expect(read(1).nextOffset).toBe(1);
    expect(read(2000).nextOffset).toBe(6);
    expect(recordList(read(2500).records).map(({ offset }) => offset)).toEqual([0, 5, 6]);
    expect(read(2500).nextOffset).toBe(7);
    expect(recordList(read(2500, 7).records).map(({ offset }) => offset)).toEqual([7]);
    // A batch that ends before is of no use.
    expect(read(1, 3).nextOffset).toBe(5);
    // What they hold, and how much longer than what came they are.
    expect(read(2500).bytes).toBeGreaterThan(3000);
    expect(read(2500).growth).toBeCloseTo(3100 / (3 * long(0).length + 61), 1);
    expect(readRecords(placed([valued('x')], { baseOffset: 0 }), everything).growth).toBe(1);
    expect(readRecords(log.subarray(0, 50), everything).growth).toBeNull();
  });

  it('share the bytes and the absence of headers', () => {
    const log = placed([valued('a'), valued('b')], { baseOffset: 0 });
    const [a, b] = recordList(readRecords(log, everything).records);
    expect(a.value?.buffer).toBe(log.buffer);
    expect(a.headers).toBe(b.headers);
  });

  it('are stepped over where compaction has left nothing, or less than there was', () => {
    const log = Buffer.concat([
      placed([], { baseOffset: 3, span: 4 }),
      placed([valued('a')], { baseOffset: 7, span: 10 }),
    ]);
    const { records, nextOffset } = readRecords(log, { ...everything, from: 5 });
    expect(recordList(records).map(({ offset }) => offset)).toEqual([7]);
    expect(nextOffset).toBe(17);
  });

  it("have the broker's time where it says so, and none where there is none", () => {
    const at = (timestampMs: number) => ({ ...valued('x'), timestampMs });
    const appended = placed([at(5), at(9), at(7)], { baseOffset: 0, attributes: 1 << 3 });
    const { records } = readRecords(appended, everything);
    expect(recordList(records).map(({ timestampMs }) => timestampMs)).toEqual([9, 9, 9]);
    const timeless = placed([at(-1)], { baseOffset: 0 });
    expect(readRecords(timeless, everything).records.at(0).timestampMs).toBeNull();
  });

  it('are refused where a bit is wrong, with the place', () => {
    const sound = placed([valued('sound')], { baseOffset: 0 });
    const damaged = placed([valued('damaged')], { baseOffset: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 21, max: damaged.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.concat([sound, damaged]);
        bytes[sound.length + at] ^= flip;
        expect(() => readRecords(bytes, everything)).toThrow(/batch at offset 1 is damaged/);
      }),
    );
  });

  it('of another format are refused', () => {
    const old = placed([valued('old')], { baseOffset: 4 });
    old[16] = 1;
    expect(() => readRecords(old, everything)).toThrow(/batch at offset 4 is of format 1/);
  });
});

/** What producers do, one after the other: each step is a batch of some records, or the end of the transaction at hand. */
interface Step {
  readonly producer: number;
  readonly act: 'send' | 'plain' | 'commit' | 'abort';
  readonly count: number;
}

/** The log, the list of aborted transactions, and the offsets that a reader of committed records is to see. */
function play(steps: readonly Step[]) {
  const log: Buffer[] = [];
  const aborted: { producerId: bigint; firstOffset: number; markerOffset: number }[] = [];
  const open = new Map<number, number[]>();
  const visible: number[] = [];
  let offset = 0;
  const end = (producer: number, act: 'commit' | 'abort') => {
    const offsets = open.get(producer);
    if (!offsets) return;
    open.delete(producer);
    if (act === 'commit') visible.push(...offsets);
    else aborted.push({ producerId: BigInt(producer), firstOffset: offsets[0], markerOffset: offset });
    log.push(marker(BigInt(producer), offset++, act));
  };
  const send = ({ producer, act, count }: Step) => {
    const records = Array.from({ length: count }, (_, index) => ({
      ...valued(String(offset + index)),
      // What a commit or an abort marker has for a key.
      key: Buffer.from([0, 0, 0, index % 2]),
    }));
    const offsets = records.map((_, index) => offset + index);
    log.push(placed(records, { baseOffset: offset, ...(act === 'plain' ? {} : { producer: BigInt(producer) }) }));
    if (act === 'plain') visible.push(...offsets);
    else open.set(producer, [...(open.get(producer) ?? []), ...offsets]);
    offset += count;
  };
  for (const step of steps) {
    if (step.act === 'commit' || step.act === 'abort') end(step.producer, step.act);
    else send(step);
  }
  for (const producer of [...open.keys()]) end(producer, 'abort');
  return { log, aborted, visible: visible.sort((a, b) => a - b), end: offset };
}

describe('transactions', () => {
  const steps = fc.array(
    fc.record<Step>({
      producer: fc.integer({ min: 1, max: 4 }),
      act: fc.constantFrom('send', 'send', 'plain', 'commit', 'abort'),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 40 },
  );

  it('show what was committed, wherever reading begins, and all of it to whoever asks for that', () => {
    fc.assert(
      fc.property(steps, fc.nat(60), (played, start) => {
        const { log, visible, end, aborted: all } = play(played);
        const from = Math.min(start, end);
        // A broker sends whole batches, from the one that holds the offset on.
        const rest = (at: number) =>
          Buffer.concat(log.filter((batch) => Number(batch.readBigInt64BE(0)) + batch.readInt32BE(23) >= at));
        // Nor does it list what was over before: no marker would end it again.
        const listed = (at: number) => all.filter(({ markerOffset }) => markerOffset >= at);
        const bytes = rest(from);
        const committed = readRecords(bytes, { ...everything, from, aborted: listed(from) });
        expect(recordList(committed.records).map(({ offset }) => offset)).toEqual(
          visible.filter((offset) => offset >= from),
        );
        expect(committed.nextOffset).toBe(end);
        // In as many answers as there are batches, the same.
        const offsets: number[] = [];
        for (let at = from; at < end; ) {
          const step = readRecords(rest(at), { ...everything, from: at, aborted: listed(at), bytesMax: 1 });
          offsets.push(...recordList(step.records).map(({ offset }) => offset));
          expect(step.nextOffset).toBeGreaterThan(at);
          at = step.nextOffset;
        }
        expect(offsets).toEqual(visible.filter((offset) => offset >= from));
        const whole = readRecords(bytes, { ...everything, from, aborted: null });
        expect(recordList(whole.records).every(({ value, offset }) => String(value) === String(offset))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
