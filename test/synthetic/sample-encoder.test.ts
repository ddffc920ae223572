import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Generator } from '../../src/synthetic/generator.ts';
import { createSampleEncoder } from '../../src/synthetic/sample-encoder.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

function encoded(target: Generator['target'], features: Int32Array, label: number): string {
  const encoder = createSampleEncoder({ features: features.length, target, sample: () => 0 });
  const bytes = Buffer.alloc(encoder.recordBytesMax + 3);
  return bytes.toString('utf8', 3, encoder.encode(features, label, bytes, 3));
}

it('writes any numbers as JSON with six decimals, within its bound', () => {
  const label = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  const decimal = (micro: number) => {
    const digits = String(Math.abs(micro)).padStart(7, '0');
    return `${micro < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
  };
  fc.assert(
    fc.property(fc.array(int32, { minLength: 1, maxLength: 12 }), label, (values, micro) => {
      const features = values.map((value, index) => `"x${index + 1}":${decimal(value)}`).join(',');
      expect(encoded('regression', Int32Array.from(values), micro)).toBe(
        `{"features":{${features}},"label":${decimal(micro)}}`,
      );
    }),
  );
});

it('writes a class as it is', () => {
  expect(encoded('binary', Int32Array.of(1, -500_000), 1)).toBe(
    '{"features":{"x1":0.000001,"x2":-0.500000},"label":1}',
  );
});
