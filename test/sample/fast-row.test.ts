// The fast ways of decoding against the thorough one: whatever bytes come, both give the same block and the same
// rejections; and the shapes that they are for do take them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/sample/block.ts';
import { createCsvFormat } from '../../src/sample/csv-format.ts';
import { createDecoder } from '../../src/sample/decoder.ts';
import { createFloat32Format } from '../../src/sample/float32-format.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import type { RecordFormat } from '../../src/sample/record-reader.ts';
import { type BoundSchema, type FeatureSpec, targetWidth } from '../../src/sample/schema.ts';
import { binaryTarget, chunkOf, numeric, regressionTarget, schemaOf } from './samples.ts';

const schema = schemaOf([numeric('a'), numeric('b', { min: -5, max: 1e6 }), numeric('c é')]);
const regression = schemaOf(schema.features, { target: regressionTarget });
const named = schemaOf(schema.features, { target: { ...binaryTarget, classes: ['no', 2] } });

function decode(format: RecordFormat, bound: BoundSchema, value: string | Uint8Array): Omit<Block, 'recordIndex'> {
  const { recordIndex: _, ...block } = createDecoder({ format, schema: bound, maxRecordBytes: 10_000 }).decode(
    chunkOf([value]),
  );
  // Beyond `count` an array holds what was tried and refused.
  const rows = block.count;
  const targets = rows * targetWidth(bound.target);
  return { ...block, inputs: block.inputs.slice(0, rows * 3), targets: block.targets.slice(0, targets) };
}

function thorough(format: RecordFormat): RecordFormat {
  return { ...format, fastRow: () => null };
}

function expectSame(format: RecordFormat, bound: BoundSchema, value: string | Uint8Array): void {
  const { labelled, weights, ...block } = decode(format, bound, value);
  const wanted = decode(thorough(format), bound, value);
  expect(block).toEqual({ ...wanted, labelled: undefined, weights: undefined });
  if (block.count > 0) expect([labelled, weights]).toEqual([wanted.labelled, wanted.weights]);
}

/** Spellings of numbers, good and bad. */
const numberText = fc.oneof(
  fc.double().map(String),
  fc.float().map((value) => String(Math.fround(value))),
  fc.integer().map(String),
  fc.tuple(fc.integer(), fc.nat(99_999_999), fc.integer({ min: -30, max: 30 })).map(([a, b, e]) => `${a}.${b}e${e}`),
  fc.stringMatching(/^-?\d{1,25}(\.\d{1,25})?([eE][+-]?\d{1,3})?$/),
  fc.constantFrom(
    '-0',
    '0',
    '00',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '1e+',
    '-',
    'NaN',
    'null',
    'true',
    '"2"',
    '1e400',
    '0x1',
  ),
);
const space = fc.constantFrom('', '', '', ' ', '\n', '\t ', '\u00a0');
const key = fc.constantFrom('a', 'b', 'c é', 'label', 'features', 'id', '__proto__', 'a\\u0062', 'é', '');
const member = fc
  .tuple(
    space,
    key,
    space,
    fc.oneof(
      numberText,
      fc.string().map((text) => JSON.stringify(text)),
    ),
    space,
  )
  .map(([s1, name, s2, value, s3]) => `${s1}"${name}"${s2}:${s3}${value}`);
const features = fc.tuple(numberText, numberText, numberText);
const good = fc.tuple(features, numberText, space, fc.nat(4)).map(([[a, b, c], label, s, kind]) => {
  const fields = `"a":${a},${s}"b":${b},"c é":${c}`;
  const shapes = [
    `{"features":[${a},${b}${s},${c}],"label":${label}}`,
    `{"features":{${fields}},"label":${label}${s}}`,
    `{${fields},"label":${label}}`,
    `{"id":"x","label":${label},${s}${fields}}`,
    `${s}{"features":{${fields},"other":1}}${s}`,
  ];
  return shapes[kind];
});
const mixed = fc.array(member, { maxLength: 6 }).map((members) => `{${members.join(',')}}`);
const nested = fc.tuple(mixed, fc.array(member, { maxLength: 2 })).map(([inner, outer]) => {
  return `{"features":${inner},${outer.join(',')}}`.replace(',}', '}');
});
const damaged = fc
  .tuple(good, fc.nat(200), fc.nat(255))
  .map(([text, at, byte]) => Uint8Array.from(Buffer.from(text), (old, index) => (index === at ? byte : old)));

describe('JSON', () => {
  const format = createJsonFormat(schema, 'none');

  it.each([
    ['a list', '{"features":[1,2.5,-3e-2],"label":1}'],
    ['an object', '{ "features": {"a": 1, "b": 2, "c é": 0.12345678901234567}, "label": 0 }'],
    ['flat keys', '{"a":1,"b":2,"c é":3,"label":1}'],
    ['keys that the schema does not know', '{"id":"x-1","a":1,"b":2,"n":7,"c é":3,"label":1}'],
    ['no label', '{"features":[1,2,3]}'],
  ])('goes the fast way with %s', (_, value) => {
    const arrays = {
      inputs: new Float32Array(3),
      targets: new Float32Array(1),
      labelled: new Uint8Array(1),
      weights: new Float32Array(1),
    };
    expect(format.fastRow(schema)?.(Buffer.from(value), 0, arrays)).toBe(true);
    expectSame(format, schema, value);
  });

  it('gives the same either way, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(good, mixed, nested, damaged),
        fc.constantFrom(schema, regression, named),
        (value, bound) => {
          expectSame(createJsonFormat(bound, 'none'), bound, value);
        },
      ),
      { numRuns: 6000, seed: 7 },
    );
  });
});

describe('CSV', () => {
  const columns = ['id', 'b', 'label', 'a', 'c é'];

  it('gives the same either way, whatever the bytes', () => {
    const cell = fc.oneof(
      numberText,
      space.map((text) => `${text}1`),
      fc.string(),
      fc.constantFrom('', '"1"', '"'),
    );
    const row = fc.array(cell, { minLength: 4, maxLength: 6 }).map((cells) => cells.join(','));
    const plain = fc.array(numberText, { minLength: 5, maxLength: 5 }).map((cells) => cells.join(','));
    fc.assert(
      fc.property(fc.oneof(row, plain), fc.constantFrom(schema, regression, named), (value, bound) => {
        expectSame(createCsvFormat(bound, 'none', columns), bound, value);
      }),
      { numRuns: 4000, seed: 7 },
    );
  });

  it('goes the fast way with plain numbers', () => {
    const arrays = {
      inputs: new Float32Array(3),
      targets: new Float32Array(1),
      labelled: new Uint8Array(1),
      weights: new Float32Array(1),
    };
    const fast = createCsvFormat(schema, 'none', columns).fastRow(schema);
    expect(fast?.(Buffer.from('x-1,2,1,0.5,-7e-1'), 0, arrays)).toBe(true);
    expect([...arrays.inputs, ...arrays.targets, ...arrays.labelled]).toEqual([0.5, 2, Math.fround(-0.7), 1, 1]);
  });
});

describe('float32', () => {
  const truth: FeatureSpec = { name: 'c', from: null, type: 'boolean', missing: 'reject' };
  const bounded = schemaOf([numeric('a', { min: -0.7, max: 0.1 }), numeric('b', { missing: 'mean' }), truth]);
  const lenient = schemaOf([
    numeric('a', { missing: 'zero', min: 0 }),
    { ...truth, name: 'b', missing: 'mean' },
    truth,
  ]);
  const bounds = [bounded, lenient, regression, named, schemaOf(schema.features, { target: pairOf(regression) })];
  const number = fc.oneof(
    fc.float(),
    fc.constantFrom(0, -0, 1, 2, -1, 0.5, 0.1, -0.7, 3.5e38, Number.NaN, Infinity, -Infinity, 1e-45),
  );
  const bytes = (numbers: readonly number[]) => new Uint8Array(Float32Array.from(numbers).buffer);

  function pairOf({ target }: BoundSchema) {
    return { ...target, from: ['x', 'y'] };
  }

  it('gives the same either way, whatever the bytes', () => {
    const anyNumbers = fc.array(number, { minLength: 2, maxLength: 6 });
    const likely = fc.tuple(number, number, fc.constantFrom(0, 1, -0), fc.constantFrom(0, 1, -0, Number.NaN));
    const any = fc.oneof(anyNumbers.map(bytes), likely.map(bytes), fc.uint8Array({ maxLength: 24 }));
    fc.assert(
      fc.property(any, fc.constantFrom(...bounds), fc.boolean(), (value, bound, mayLackTargets) => {
        expectSame(createFloat32Format(bound, 'none', { mayLackTargets }), bound, value);
      }),
      { numRuns: 8000, seed: 7 },
    );
  });

  it('leaves to the thorough way only what is refused', () => {
    const likely = fc.tuple(number, number, fc.constantFrom(0, 1, 0.5), fc.constantFrom(0, 1, 2, Number.NaN));
    const arrays = {
      inputs: new Float32Array(3),
      targets: new Float32Array(2),
      labelled: new Uint8Array(1),
      weights: new Float32Array(1),
    };
    fc.assert(
      fc.property(likely.map(bytes), fc.constantFrom(...bounds), (value, bound) => {
        const format = createFloat32Format(bound, 'none', { mayLackTargets: true });
        const accepted = decode(thorough(format), bound, value).count === 1;
        expect(format.fastRow(bound)?.(value, 0, arrays)).toBe(accepted);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});
