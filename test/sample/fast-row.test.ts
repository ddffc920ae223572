// The fast ways of decoding against the thorough one: whatever bytes come, both give the same block and the same
// rejections; and the shapes that they are for do take them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fetchedRecords } from '../../src/kafka/wire/fetched-records.ts';
import type { Block } from '../../src/sample/block.ts';
import { createCsvFormat } from '../../src/sample/csv-format.ts';
import { createDecoder } from '../../src/sample/decoder.ts';
import type { RowArrays } from '../../src/sample/fast-row.ts';
import { createFloat32Format } from '../../src/sample/float32-format.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import type { Chunk } from '../../src/sample/record.ts';
import type { RecordFormat } from '../../src/sample/record-reader.ts';
import { type BoundSchema, type FeatureSpec, targetWidth } from '../../src/sample/schema.ts';
import type { Span } from '../../src/sample/span.ts';
import { damaged, good, mixed, nested, numberText, space, split } from './random-records.ts';
import { binaryTarget, chunkOf, numeric, regressionTarget, schemaOf, spanOf } from './samples.ts';

const schema = schemaOf([numeric('a'), numeric('b', { min: -5, max: 1e6 }), numeric('c é')]);
const regression = schemaOf(schema.features, { target: regressionTarget });
const named = schemaOf(schema.features, { target: { ...binaryTarget, classes: ['no', 2] } });

/** What lies before a record, and what behind it. */
type Neighbours = readonly [before: string | Uint8Array, behind: string | Uint8Array];

/** A record among its neighbours. */
function among(value: string | Uint8Array, [before, behind]: Neighbours): Span {
  const [from, length] = [Buffer.from(before).length, Buffer.from(value).length];
  return { bytes: Buffer.concat([before, value, behind].map((part) => Buffer.from(part))), from, to: from + length };
}

/** A chunk of one record as a fetch brings it: read where it lies. */
function chunkAmong(value: string | Uint8Array, neighbours: Neighbours): Chunk {
  const { bytes, from, to } = among(value, neighbours);
  const columns = {
    ...{ length: 1, buffers: [Buffer.from(bytes)], places: Int32Array.of(0, from, from - 1, from, to, to) },
    ...{ offsets: Float64Array.of(0), timestampsMs: Float64Array.of(0) },
  };
  return { ...chunkOf([]), records: fetchedRecords(columns) };
}

function decode(format: RecordFormat, bound: BoundSchema, chunk: Chunk): Omit<Block, 'recordIndex'> {
  const { recordIndex: _, ...block } = createDecoder({ format, schema: bound, maxRecordBytes: 10_000 }).decode(chunk);
  // Beyond `count` an array holds what was tried and refused.
  const rows = block.count;
  const targets = rows * targetWidth(bound.target);
  return { ...block, inputs: block.inputs.slice(0, rows * 3), targets: block.targets.slice(0, targets) };
}

function roomFor(): RowArrays {
  return {
    inputs: new Float32Array(3),
    targets: new Float32Array(2),
    labelled: new Uint8Array(1),
    weights: new Float32Array(1),
  };
}

function thorough(format: RecordFormat): RecordFormat {
  return { ...format, fastRow: () => null };
}

/** The fast way, among any neighbours, gives what the thorough one gives for the record by itself. */
function expectSame(
  format: RecordFormat,
  bound: BoundSchema,
  value: string | Uint8Array,
  neighbours: Neighbours = ['', ''],
): void {
  const { labelled, weights, ...block } = decode(format, bound, chunkAmong(value, neighbours));
  const wanted = decode(thorough(format), bound, chunkOf([value]));
  expect(block).toEqual({ ...wanted, labelled: undefined, weights: undefined });
  if (block.count > 0) expect([labelled, weights]).toEqual([wanted.labelled, wanted.weights]);
}

/** What would go on with a record, end it, or make another of it. */
const piece = fc.constantFrom(
  '',
  ' ',
  '\n',
  '0',
  '9.5',
  '.5',
  'e5',
  '-',
  ',',
  ',1',
  '"',
  '":1}',
  '}',
  ']}',
  '{"a":',
  '\0',
  '\xff',
);
const neighbour: fc.Arbitrary<string | Uint8Array> = fc.oneof(piece, good, fc.uint8Array({ maxLength: 9 }));
const anyNeighbours = fc.tuple(neighbour, neighbour);
/** A record that was sound, cut at both ends, with what was cut away still there. */
const cut = fc.tuple(good, fc.nat(99), fc.nat(99)).map(([text, a, b]): [string, Neighbours] => {
  const [from, to] = [a, b].map((share) => Math.round((share / 99) * text.length)).sort((one, other) => one - other);
  return [text.slice(from, to), [text.slice(0, from), text.slice(to)]];
});
describe('JSON', () => {
  const format = createJsonFormat(schema, 'none');

  it.each([
    ['a list', '{"features":[1,2.5,-3e-2],"label":1}'],
    ['an object', '{ "features": {"a": 1, "b": 2, "c é": 0.12345678901234567}, "label": 0 }'],
    ['flat keys', '{"a":1,"b":2,"c é":3,"label":1}'],
    ['keys that the schema does not know', '{"id":"x-1","a":1,"b":2,"n":7,"c é":3,"label":1}'],
    ['no label', '{"features":[1,2,3]}'],
  ])('goes the fast way with %s', (_, value) => {
    const arrays = roomFor();
    expect(format.fastRow(schema)?.(spanOf(Buffer.from(value)), 0, arrays)).toBe(true);
    expectSame(format, schema, value);
  });

  it('gives the same either way, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(good, mixed, nested, split, damaged),
        fc.constantFrom(schema, regression, named),
        (value, bound) => {
          expectSame(createJsonFormat(bound, 'none'), bound, value);
        },
      ),
      { numRuns: 6000, seed: 7 },
    );
  });
});

describe('a record among others', () => {
  const json = createJsonFormat(schema, 'none');
  const rowOf = (value: Span) => {
    const arrays = roomFor();
    const isTaken = json.fastRow(schema)?.(value, 0, arrays);
    return isTaken ? arrays : isTaken;
  };

  it('is decoded as by itself where JSON goes on behind it, in front of it, or through it', () => {
    const value = fc.oneof(good, mixed, nested, split, damaged);
    fc.assert(
      fc.property(
        fc.oneof(fc.tuple(value, anyNeighbours), cut),
        fc.constantFrom(schema, regression, named),
        ([value, neighbours], bound) => {
          expectSame(createJsonFormat(bound, 'none'), bound, value, neighbours);
          // Nor is it slower for its neighbours.
          expect(rowOf(among(value, neighbours))).toEqual(rowOf(among(value, ['', ''])));
        },
      ),
      { numRuns: 8000, seed: 7 },
    );
  });

  it.each([
    ['a space', '{"features":[1,2,3],"label":1}', ' '],
    ['a line end', '{"features":[1,2,3],"label":1} ', '\n'],
    ['another', '{"a":1,"b":2,"c é":3}', '{"a":1,"b":2,"c é":3}'],
  ])('goes the fast way before %s', (_, value, behind) => {
    expect(rowOf(among(value, [behind, behind]))).toMatchObject({ inputs: Float32Array.of(1, 2, 3) });
  });

  it('is none where it goes on behind its end itself', () => {
    for (const more of ['}', ' x', ',"label":1}', '{}', '\0'])
      expect(rowOf(among(`{"features":[1,2,3],"label":1}${more}`, ['', '']))).toBe(false);
  });

  it.each([
    ['a brace', '{"features":[1,2,3],"label":1', '}'],
    ['a member', '{"features":[1,2,3],', '"label":1}'],
    ['a digit and a brace', '{"a":1,"b":2,"c é":', '3}'],
    ['the end of a name', '{"a":1,"b":2,"c', ' é":3}'],
    ['all of it', '', '{"features":[1,2,3],"label":1}'],
    ['all but white space', ' \n', '{"features":[1,2,3],"label":1}'],
  ])('does not borrow %s from the next one', (_, value, behind) => {
    expect(rowOf(among(value, ['', behind]))).toBe(false);
    expect(decode(json, schema, chunkAmong(value, ['', behind])).rejections).toHaveLength(1);
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
    const label = fc.oneof(numberText, fc.constantFrom('1e0', '0E5', '2e0', '+2', '2.', '-0', '10e-1', '0.2e1'));
    const plain = fc.tuple(numberText, numberText, label, numberText, numberText).map((cells) => cells.join(','));
    fc.assert(
      fc.property(
        fc.oneof(row, plain),
        fc.oneof(anyNeighbours, fc.tuple(row, row)),
        fc.constantFrom(schema, regression, named),
        (value, neighbours, bound) => {
          expectSame(createCsvFormat(bound, 'none', columns), bound, value, neighbours);
        },
      ),
      { numRuns: 4000, seed: 7 },
    );
  });

  it.each(['1', '.5', 'e2', ',1', '\n', ' ', '"'])('of a row takes nothing of what is behind it: %j', (behind) => {
    for (const value of ['x-1,2,1,0.5,-7', 'x-1,2,1,0.5', 'x-1,2,1,0.5,', 'x-1,2,1,0.5,-7.', ''])
      expectSame(createCsvFormat(schema, 'none', columns), schema, value, [behind, behind]);
  });

  it('goes the fast way with plain numbers', () => {
    const arrays = roomFor();
    const fast = createCsvFormat(schema, 'none', columns).fastRow(schema);
    expect(fast?.(spanOf(Buffer.from('x-1,2,1,0.5,-7e-1')), 0, arrays)).toBe(true);
    expect([...arrays.inputs, arrays.targets[0], ...arrays.labelled]).toEqual([0.5, 2, Math.fround(-0.7), 1, 1]);
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
      fc.property(
        fc.tuple(any, fc.tuple(any, any)),
        fc.constantFrom(...bounds),
        fc.boolean(),
        ([value, neighbours], bound, mayLackTargets) => {
          expectSame(createFloat32Format(bound, 'none', { mayLackTargets }), bound, value, neighbours);
        },
      ),
      { numRuns: 8000, seed: 7 },
    );
  });

  it('leaves to the thorough way only what is refused', () => {
    const likely = fc.tuple(number, number, fc.constantFrom(0, 1, 0.5), fc.constantFrom(0, 1, 2, Number.NaN));
    const arrays = roomFor();
    fc.assert(
      fc.property(likely.map(bytes), fc.constantFrom(...bounds), (value, bound) => {
        const format = createFloat32Format(bound, 'none', { mayLackTargets: true });
        const accepted = decode(thorough(format), bound, chunkOf([value])).count === 1;
        expect(format.fastRow(bound)?.(spanOf(value), 0, arrays)).toBe(accepted);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});
