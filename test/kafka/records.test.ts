import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitRecord, originalBytesHeader } from '../../src/kafka/oversize.ts';
import { recordBytes, toMessage, toSourceRecord } from '../../src/kafka/records.ts';
import type { OutputRecord } from '../../src/sample/record.ts';

const empty: OutputRecord = { key: null, value: null, headers: [], timestampMs: null, partition: null };

describe('records and messages', () => {
  it('keeps a tombstone, a missing key and an unknown timestamp as null', () => {
    const message = { key: null, value: null, timestamp: '-1', attributes: 0, offset: '7', headers: {} };
    expect(toSourceRecord(message)).toEqual({ key: null, value: null, headers: [], timestampMs: null, offset: 7 });
  });

  it('takes a time that nobody can have meant for none', () => {
    const at = (timestamp: string) =>
      toSourceRecord({ key: null, value: null, timestamp, attributes: 0, offset: '7', headers: {} }).timestampMs;
    expect(['0', `${2 ** 51}`, `${2 ** 51 + 1}`, '9223372036854775807'].map(at)).toEqual([0, 2 ** 51, null, null]);
  });

  it('spells out repeated headers in their order, and strings as bytes', () => {
    const headers = { a: [Buffer.from('1'), '2'], b: Buffer.from('3') };
    const message = { key: null, value: null, timestamp: '5', attributes: 0, offset: '0', headers };
    expect(toSourceRecord(message).headers.map(([name, value]) => [name, Buffer.from(value).toString()])).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['b', '3'],
    ]);
  });

  it('shares the bytes of a record with its message', () => {
    const bytes = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);
    expect(toMessage({ ...empty, value: bytes, timestampMs: 12 }, 2)).toEqual({
      key: null,
      value: Buffer.from([1, 2]),
      partition: 2,
      timestamp: '12',
    });
  });
});

describe('a record too large for its topic', () => {
  it('is cut to fit, and says how long it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.string(), (length, name) => {
        const record = { ...empty, value: new Uint8Array(1000), headers: [[name, Buffer.alloc(length)] as const] };
        const cut = fitRecord(record, 1400 + length, 't');
        expect(recordBytes([cut], 0)).toBeLessThanOrEqual(1400 + length);
        expect(cut.headers.at(-1)).toEqual([originalBytesHeader, Buffer.from('1000')]);
        expect(cut.value?.length).toBeGreaterThan(900);
      }),
    );
  });

  it('stops the run where not even its headers fit', () => {
    const record = { ...empty, headers: [['h', Buffer.alloc(5000)] as const] };
    expect(() => fitRecord(record, 1000, 'letters')).toThrow(/'letters', which takes 1000.*max.message.bytes/);
  });
});
