import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFeatureEncoder, show } from '../../src/sample/feature-encoder.ts';
import { type FeatureSpec, widthOf } from '../../src/sample/schema.ts';
import { categorical, numeric } from './samples.ts';

/** The columns that a value becomes, or the reason of its refusal. */
function encode(feature: FeatureSpec, value: unknown): number[] | string {
  const row = new Float32Array(widthOf(feature) + 2);
  const refusal = createFeatureEncoder(feature)(value, row, 1);
  if (refusal) return refusal.reason;
  expect([row[0], row[row.length - 1]]).toEqual([0, 0]);
  return [...row.subarray(1, -1)];
}

const hashed = (buckets: number): FeatureSpec => ({
  name: 'agent',
  from: null,
  missing: 'reject',
  type: 'categorical',
  values: null,
  buckets,
});

function bucketOf(buckets: number, text: string): number {
  const columns = encode(hashed(buckets), text);
  return typeof columns === 'string' ? -1 : columns.indexOf(1);
}

describe('a numeric feature', () => {
  it('is the nearest float32', () => {
    expect(encode(numeric('x'), 0.1)).toEqual([Math.fround(0.1)]);
    expect(encode(numeric('x'), 1e-320)).toEqual([0]);
    expect(encode(numeric('x'), 3.4028235e38)).toEqual([3.4028234663852886e38]);
  });

  it('is refused where it is no number, not finite as float32, or out of the declared range', () => {
    for (const value of ['1', true, [1], {}]) expect(encode(numeric('x'), value)).toBe('bad-feature');
    for (const value of [Number.NaN, Infinity, -Infinity, 3.41e38])
      expect(encode(numeric('x'), value)).toBe('not-finite');
    const percent = numeric('x', { min: 0, max: 100 });
    expect([0, 100, -0.001, 100.001].map((value) => encode(percent, value))).toEqual([
      [0],
      [100],
      'out-of-range',
      'out-of-range',
    ]);
  });
});

describe('a missing value', () => {
  it.each([undefined, null])('%s is refused, zero, or marked for the mean, as the schema says', (value) => {
    expect(encode(numeric('x'), value)).toBe('missing-feature');
    expect(encode(numeric('x', { missing: 'zero' }), value)).toEqual([0]);
    expect(encode(numeric('x', { missing: 'mean' }), value)).toEqual([Number.NaN]);
    expect(encode({ ...categorical('c', ['a', 'b']), missing: 'mean' }, value)).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('a boolean feature', () => {
  it('is 0 or 1', () => {
    const flag: FeatureSpec = { name: 'flag', from: null, missing: 'reject', type: 'boolean' };
    expect([true, 1, false, 0].map((value) => encode(flag, value))).toEqual([[1], [1], [0], [0]]);
    for (const value of [2, 'true', []]) expect(encode(flag, value)).toBe('bad-feature');
  });
});

describe('a categorical feature', () => {
  it('has a column for each declared value, told by its text', () => {
    const kind = categorical('kind', ['a', 7, true]);
    expect(['a', 7, '7', true, 'true'].map((value) => encode(kind, value))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
    for (const value of ['b', 'A', 7.5, ['a'], {}, '__proto__']) expect(encode(kind, value)).toBe('unknown-category');
  });

  it('is hashed into one of its buckets, the same on every machine', () => {
    // FNV-1a, 32 bit: offset basis 2166136261 for '', e40c292c for 'a', bf9cf968 for 'foobar'.
    expect(bucketOf(65536, 'a')).toBe(0xe40c292c % 65536);
    expect(bucketOf(1000, 'foobar')).toBe(0xbf9cf968 % 1000);
    expect(bucketOf(7, '')).toBe(2166136261 % 7);
    expect(encode(hashed(8), {})).toBe('bad-feature');
  });

  it('fills exactly one bucket whatever its text', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 50 }), (text, buckets) => {
        const columns = encode(hashed(buckets), text);
        expect([...columns].toSorted()).toEqual([...Array<number>(buckets - 1).fill(0), 1]);
      }),
    );
  });
});

describe('a value in a message', () => {
  it('is shown as JSON, cut short', () => {
    expect([undefined, null, 1.5, Number.NaN, 'a"b', [1], { a: true }].map(show)).toEqual([
      'undefined',
      'null',
      '1.5',
      'NaN',
      '"a\\"b"',
      '[1]',
      '{"a":true}',
    ]);
    expect(show('x'.repeat(100))).toBe(`"${'x'.repeat(56)}…`);
  });
});
