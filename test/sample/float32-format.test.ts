// float32 records as decoding shows them: what is learnt from, what is not and why.

import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/sample/decoder.ts';
import { createFloat32Format } from '../../src/sample/float32-format.ts';
import type { FeatureSpec, SchemaSpec, TargetSpec } from '../../src/sample/schema.ts';
import { binaryTarget, decodeOne, numeric, openSchema, regressionTarget, schemaOf } from './samples.ts';

const flag: FeatureSpec = { name: 'flag', from: null, type: 'boolean', missing: 'zero' };
const schema = schemaOf([numeric('a'), numeric('b', { missing: 'mean', min: -0.7, max: 0.1 }), flag]);
const colours: TargetSpec = { type: 'multiclass', from: ['label'], classes: ['red', 2, 'blue'] };
const pair: TargetSpec = { type: 'regression', from: ['x', 'y'], classes: [] };

function bytesOf(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeFloatLE(number, 4 * at);
  return bytes;
}

function decoderOf(spec: SchemaSpec, mayLackTargets = true) {
  const format = createFloat32Format(spec, 'none', { mayLackTargets });
  return createDecoder({ format, schema: format.known, maxRecordBytes: 1000 });
}

/** What becomes of a record of these numbers, or of these bytes. */
function decode(spec: SchemaSpec, record: readonly number[] | Buffer, mayLackTargets = true) {
  return decodeOne(decoderOf(spec, mayLackTargets), Buffer.isBuffer(record) ? record : bytesOf(record));
}

describe('a float32 record', () => {
  it('has the features and then the label', () => {
    const half = Math.fround(-0.3);
    expect(decode(schema, [1e6, half, 1, 0])).toMatchObject({ inputs: [1e6, half, 1], label: [0], weight: 1 });
    expect(decode(schemaOf([numeric('a')], { target: pair }), [1, 2.5, -3])).toMatchObject({ label: [2.5, -3] });
    expect(decode(schemaOf([numeric('a')], { target: colours }), [1, 2])).toMatchObject({ label: [2] });
  });

  it('has no label where that is NaN, or where it ends behind the features', () => {
    expect(decode(schema, [1, 0, 0, Number.NaN])).toMatchObject({ inputs: [1, 0, 0], label: null });
    expect(decode(schema, [1, 0, 0])).toMatchObject({ inputs: [1, 0, 0], label: null });
    const two = schemaOf([numeric('a')], { target: pair });
    expect(decode(two, [1, Number.NaN, Number.NaN])).toMatchObject({ label: null });
    expect(decode(two, [1])).toMatchObject({ label: null });
  });

  it('misses what is NaN, and the schema says what that means', () => {
    expect(decode(schema, [1, Number.NaN, Number.NaN, 1])).toMatchObject({ inputs: [1, Number.NaN, 0], label: [1] });
    expect(decode(schema, [Number.NaN, 0, 0, 1])).toEqual({
      reason: 'missing-feature',
      message: "feature 'a' is missing",
    });
  });

  it('may begin at any byte of what it was fetched with', () => {
    const decoder = decoderOf(schema);
    for (let shift = 0; shift < 8; shift++) {
      const fetched = Buffer.concat([Buffer.alloc(shift, 0xff), bytesOf([1.5, -0.25, 1, 1]), Buffer.alloc(3, 0xff)]);
      expect(decodeOne(decoder, fetched.subarray(shift, shift + 16))).toMatchObject({ inputs: [1.5, -0.25, 1] });
    }
  });

  it('may be at a bound that float32 rounds', () => {
    expect(decode(schema, [1, Math.fround(0.1), 0, 1])).toMatchObject({ inputs: [1, Math.fround(0.1), 0] });
    expect(decode(schema, [1, Math.fround(-0.7), 0, 1])).toMatchObject({ inputs: [1, Math.fround(-0.7), 0] });
    const wide = schemaOf([numeric('a', { min: -1e300, max: 1e300 })]);
    expect(decode(wide, [3.4028234663852886e38, 1])).toMatchObject({ label: [1] });
    expect(decode(wide, [Number.POSITIVE_INFINITY, 1])).toMatchObject({ reason: 'not-finite' });
  });
});

describe('what is refused', () => {
  const four = 'take 16, or 12 without a label';

  it.each<[readonly number[] | Buffer, string, string]>([
    [
      Buffer.alloc(15),
      'malformed',
      `15 bytes are no whole number of float32 values; the schema's 3 features and 1 target ${four}`,
    ],
    [[1, 0], 'wrong-arity', `the record has 8 bytes, that is 2 numbers; the schema's 3 features and 1 target ${four}`],
    [[1, 0, 0, 1, 1], 'wrong-arity', 'the record has 20 bytes, that is 5 numbers; '],
    [[], 'wrong-arity', 'the record has 0 bytes, that is 0 numbers; '],
    [[Number.POSITIVE_INFINITY, 0, 0, 1], 'not-finite', "feature 'a' is Infinity, not a finite float32"],
    [[1, Number.NEGATIVE_INFINITY, 0, 1], 'not-finite', "feature 'b' is -Infinity, not a finite float32"],
    [[1, 0.5, 0, 1], 'out-of-range', "feature 'b' is 0.5, outside -0.7 to 0.1"],
    [[1, -0.75, 0, 1], 'out-of-range', "feature 'b' is -0.75, outside"],
    [[1, 0, 0.5, 1], 'bad-feature', "feature 'flag' is 0.5, not true or false"],
    [[1, 0, 0, 2], 'unknown-class', "label 'label' is 2, not the index of a class, 0 to 1"],
    [[1, 0, 0, 0.5], 'unknown-class', "label 'label' is 0.5, "],
    [[1, 0, 0, -1], 'unknown-class', "label 'label' is -1, "],
    [[1, 0, 0, Number.POSITIVE_INFINITY], 'unknown-class', "label 'label' is Infinity, "],
  ])('%j is %s', (record, reason, message) => {
    expect(decode(schema, record)).toEqual({ reason, message: expect.stringContaining(message) });
  });

  it('is a class by its value: only its index counts', () => {
    const numbers = schemaOf([numeric('a')], { target: { ...binaryTarget, classes: [5, 7] } });
    expect(decode(numbers, [1, 7])).toMatchObject({ reason: 'unknown-class' });
    expect(decode(numbers, [1, 1])).toMatchObject({ label: [1] });
  });

  it('is a part of a label, or one that is not finite', () => {
    const two = schemaOf([numeric('a')], { target: pair });
    expect(decode(two, [1, 2, Number.NaN])).toEqual({ reason: 'bad-label', message: 'the label has 1 of 2 values' });
    expect(decode(two, [1, 2, Number.POSITIVE_INFINITY])).toMatchObject({ reason: 'not-finite' });
    expect(decode(schemaOf([numeric('a')], { target: regressionTarget }), [1, -Infinity])).toMatchObject({
      reason: 'not-finite',
    });
  });

  it('is a record without targets where all have one size', () => {
    expect(decode(schema, [1, 0, 0], false)).toEqual({
      reason: 'wrong-arity',
      message: "the record has 12 bytes, that is 3 numbers; the schema's 3 features and 1 target take 16",
    });
    expect(decode(schema, [1, 0, 0, Number.NaN], false)).toMatchObject({ label: null });
  });
});

describe('features that are left out', () => {
  it('are all numbers but the targets of the first record that is a sample', () => {
    const decoder = decoderOf(openSchema());
    for (const bytes of [Buffer.alloc(7), bytesOf([1]), bytesOf([1, 2, 3])])
      expect(decodeOne(decoder, bytes)).toMatchObject({ reason: 'missing-feature' });
    expect(decodeOne(decoder, bytesOf([1, 2, 1]))).toMatchObject({ inputs: [1, 2], label: [1] });
    expect(decoder.schema?.features.map(({ name }) => name)).toEqual(['f0', 'f1']);
    expect(decodeOne(decoder, bytesOf([1, 2, 3, 1]))).toMatchObject({ reason: 'wrong-arity' });
  });

  it('leave room for every target', () => {
    const decoder = decoderOf(openSchema({ target: pair }));
    expect(decodeOne(decoder, bytesOf([1, 2, 3]))).toMatchObject({ inputs: [1], label: [2, 3] });
  });
});
