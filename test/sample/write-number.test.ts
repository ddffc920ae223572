// Numbers as text: short, and the very same when read back.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberBytesMax, writeFloat32, writeInteger } from '../../src/sample/write-number.ts';

function float32(value: number): string {
  const bytes = Buffer.alloc(numberBytesMax + 4, '#');
  return bytes.toString('latin1', 2, writeFloat32(bytes, 2, Math.fround(value)));
}

it.each([
  [0.93, '0.93'],
  [0.5, '0.5'],
  [1, '1'],
  [-0, '0'],
  [-12.25, '-12.25'],
  [100, '100'],
  [1e-6, '0.000001'],
  [123456792, '123456790'],
  [999999999, '1000000000'],
  [9.99999e-7, '9.99999e-7'],
  [1.25e-10, '1.25e-10'],
  [1e-10, '1e-10'],
  [-3e-13, '-3e-13'],
  [1e-20, '1e-20'],
  [3.4028234663852886e38, '3.4028235e+38'],
  [1.401298464324817e-45, '1.4013e-45'],
  [Number.NaN, 'null'],
  [Number.NEGATIVE_INFINITY, 'null'],
])('writes %d as %s', (value, text) => {
  expect(float32(value)).toBe(text);
});

it('reads back as the same float32, in at most nine digits', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = float32(value);
      expect(Math.fround(JSON.parse(text))).toBe(value + 0);
      expect(
        text
          .replace(/e.*$/, '')
          .replace(/[-.]/g, '')
          .replace(/^0+|0+$/g, '').length,
      ).toBeLessThanOrEqual(9);
      expect(text.length).toBeLessThanOrEqual(numberBytesMax);
    }),
    { numRuns: 5000, seed: 1 },
  );
});

it('writes whole numbers up to 2^53', () => {
  const bytes = Buffer.alloc(20);
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(bytes.toString('latin1', 0, writeInteger(bytes, 0, value))).toBe(String(value));
    }),
    { numRuns: 2000, seed: 1 },
  );
  expect(bytes.toString('latin1', 0, writeInteger(bytes, 0, 2 ** 53))).toBe('9007199254740992');
});
