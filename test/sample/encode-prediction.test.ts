import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/sample/block.ts';
import { createPredictionEncoder } from '../../src/sample/encode-prediction.ts';
import { recordAt } from '../../src/sample/packed-records.ts';
import type { TargetSpec } from '../../src/sample/schema.ts';
import { binaryTarget, fullChunk, regressionTarget } from './samples.ts';

const multiclass: TargetSpec = { type: 'multiclass', from: ['label'], classes: ['a"b', 7, true] };

/** A block of one row with this label. */
function blockOf(label: readonly number[] | null): Block {
  return {
    count: 1,
    recordIndex: Int32Array.of(0),
    inputs: new Float32Array(0),
    targets: Float32Array.from(label ?? [0]),
    labelled: Uint8Array.of(label ? 1 : 0),
    weights: Float32Array.of(1),
    rejections: [],
  };
}

/** The output record of one prediction. */
function encoded(target: TargetSpec, outputs: readonly number[], label: readonly number[] | null, fields: boolean) {
  const encode = createPredictionEncoder(target, { label: fields, loss: fields });
  const predicted = {
    outputs: Float32Array.from(outputs),
    versions: Float64Array.of(12),
    losses: Float32Array.of(0.25),
  };
  return recordAt(encode(chunk, blockOf(label), predicted), 0);
}

/** The JSON of one prediction. */
function written(target: TargetSpec, outputs: number[], label: number[] | null = null, fields = false): string {
  return Buffer.from(encoded(target, outputs, label, fields).value ?? []).toString('utf8');
}

describe('a prediction', () => {
  it('is class and probability for a binary target, class 1 from one half on', () => {
    expect(written(binaryTarget, [0.75])).toBe('{"prediction":1,"probability":0.75,"modelVersion":12}');
    expect(written(binaryTarget, [0.5])).toContain('"prediction":1,');
    expect(written({ ...binaryTarget, classes: ['no', 'yes'] }, [0.25])).toContain('"prediction":"no",');
  });

  it('is class and probabilities by class for a multiclass one', () => {
    expect(JSON.parse(written(multiclass, [0.25, 0.25, 0.5]))).toEqual({
      prediction: true,
      probabilities: { 'a"b': 0.25, 7: 0.25, true: 0.5 },
      modelVersion: 12,
    });
    expect(JSON.parse(written(multiclass, [0.5, 0.5, 0]))).toMatchObject({ prediction: 'a"b' });
  });

  it('has room for the longest of class names three times', () => {
    const long = { ...multiclass, classes: ['x'.repeat(2000), 'y', 'z'] };
    const value = JSON.parse(written(long, [1, 0, 0], [0], true));
    expect([value.prediction, value.label]).toEqual(['x'.repeat(2000), 'x'.repeat(2000)]);
  });

  it('is a number or a list for a regression', () => {
    expect(written(regressionTarget, [-1.5])).toBe('{"prediction":-1.5,"modelVersion":12}');
    expect(written({ ...regressionTarget, from: ['a', 'b'] }, [1, 2])).toBe('{"prediction":[1,2],"modelVersion":12}');
  });

  it('holds label and loss where they are asked for and there is a label', () => {
    expect(JSON.parse(written(binaryTarget, [0.5], [0], true))).toMatchObject({ label: 0, loss: 0.25 });
    expect(JSON.parse(written(multiclass, [1, 0, 0], [1], true))).toMatchObject({ label: 7, loss: 0.25 });
    expect(JSON.parse(written({ ...regressionTarget, from: ['a', 'b'] }, [1, 2], [3, 4], true))).toMatchObject({
      label: [3, 4],
    });
    expect(written(binaryTarget, [0.5], null, true)).not.toMatch(/label|loss/);
    expect(written(binaryTarget, [0.5], [1], false)).not.toMatch(/label|loss/);
  });

  it('reads back as the very float32s, and is JSON even where a number is none', () => {
    const number = fc.oneof(fc.float(), fc.constantFrom(Number.NaN, Infinity, -Infinity));
    fc.assert(
      fc.property(fc.array(number, { minLength: 2, maxLength: 4 }), (outputs) => {
        const from = outputs.map((_, index) => `y${index}`);
        const { prediction } = JSON.parse(written({ ...regressionTarget, from }, outputs));
        const read = [prediction].flat().map((value) => value && Math.fround(value));
        expect(read).toEqual(outputs.map((value) => (Number.isFinite(value) ? value + 0 : null)));
        JSON.parse(written(binaryTarget, outputs.slice(0, 1)));
        JSON.parse(written({ ...multiclass, classes: from }, outputs));
      }),
    );
  });
});

const chunk = fullChunk;
const record = chunk.records.at(0);
const text = (headers: readonly (readonly [string, Uint8Array])[]) =>
  headers.map(([name, value]) => [name, Buffer.from(value).toString('utf8')]);

describe('an output record', () => {
  it('of a prediction keeps key, headers and timestamp and says where the sample was', () => {
    const { headers, value, ...rest } = encoded(binaryTarget, [0.25], null, false);
    expect(rest).toEqual({ key: record.key, timestampMs: record.timestampMs, partition: 3 });
    expect(value).toEqual(Buffer.from('{"prediction":0,"probability":0.25,"modelVersion":12}'));
    expect(text(headers)).toEqual([
      ['trace', '1'],
      ['trace', '2'],
      ['millrace-source', 'transactions/3/17'],
    ]);
  });
});
