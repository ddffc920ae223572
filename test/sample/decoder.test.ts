import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/sample/decoder.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import { type RejectionReason, rejectionReasons } from '../../src/sample/rejection.ts';
import type { FeatureSpec } from '../../src/sample/schema.ts';
import {
  categorical,
  chunkOf,
  csvDecoder,
  jsonDecoder,
  numeric,
  openSchema,
  regressionTarget,
  rowsOf,
  schemaOf,
} from './samples.ts';

const x = schemaOf([numeric('x')]);
const reasons: readonly string[] = Object.keys(rejectionReasons);

describe('decoding a chunk', () => {
  it('keeps the order of samples and names the records that are none', () => {
    const decoder = jsonDecoder(x);
    const block = decoder.decode(chunkOf(['{"x":1,"label":0}', 'oops', '{"x":2}', null, '{"x":3,"label":1}']));
    expect(rowsOf(block, decoder.schema)).toEqual([
      { record: 0, inputs: [1], label: [0], weight: 1 },
      { record: 2, inputs: [2], label: null, weight: 1 },
      { record: 4, inputs: [3], label: [1], weight: 1 },
    ]);
    expect(block.rejections.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'malformed'],
      [3, 'tombstone'],
    ]);
  });

  it('leaves no trace of a refused record in the sample after it', () => {
    const schema = schemaOf([numeric('a', { missing: 'mean' }), categorical('c', ['p', 'q']), numeric('b')], {
      weight: 'w',
    });
    const decoder = jsonDecoder(schema);
    const refused = [
      '{"a":9,"c":"q","b":"no","label":1}',
      '{"c":"q","b":9,"label":7}',
      '{"c":"q","b":9,"label":1,"w":-1}',
    ];
    const block = decoder.decode(chunkOf([...refused, '{"a":1,"c":"p","b":2}']));
    expect(block.rejections.map(({ reason }) => reason)).toEqual(['bad-feature', 'unknown-class', 'bad-weight']);
    expect(rowsOf(block, schema)).toEqual([{ record: 3, inputs: [1, 1, 0, 2], label: null, weight: 1 }]);
  });

  it('takes an empty chunk', () => {
    expect(jsonDecoder(x).decode(chunkOf([])).count).toBe(0);
  });

  it('weighs samples as the schema maps it, 1 where there is no weight', () => {
    const decoder = jsonDecoder(schemaOf([numeric('x')], { weight: 'w' }));
    const block = decoder.decode(chunkOf(['{"x":1,"w":0}', '{"x":1,"w":2.5}', '{"x":1,"w":null}', '{"x":1}']));
    expect([...block.weights.subarray(0, block.count)]).toEqual([0, 2.5, 1, 1]);
    const refused = decoder.decode(chunkOf(['{"x":1,"w":"2"}', '{"x":1,"w":1e39}', '{"x":1,"w":true}']));
    expect(refused.rejections.map(({ reason }) => reason)).toEqual(['bad-weight', 'bad-weight', 'bad-weight']);
  });

  it('rejects by length before it looks inside', () => {
    const decoder = jsonDecoder(x, 20);
    const block = decoder.decode(chunkOf(['{"x":1,"label":1   }', '{"x":1,"label":1    }']));
    expect(block.count).toBe(1);
    expect(block.rejections).toMatchObject([{ index: 1, reason: 'too-large' }]);
  });
});

describe('a schema left to the records', () => {
  it('comes from the first record that can tell it, whatever came before', () => {
    const decoder = jsonDecoder(openSchema());
    const block = decoder.decode(chunkOf([null, 'oops', '{}', '{"a":"text"}', '{"a":1,"b":2,"label":0}', '{"a":1}']));
    expect(decoder.schema?.features.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(block.rejections.map(({ index, reason }) => [index, reason])).toEqual([
      [0, 'tombstone'],
      [1, 'malformed'],
      [2, 'missing-feature'],
      [3, 'bad-feature'],
      [5, 'missing-feature'],
    ]);
  });

  it('is not known before, and stays once it is', () => {
    const decoder = jsonDecoder(openSchema());
    const [rejection] = decoder.decode(chunkOf(['{"a":"text"}'])).rejections;
    expect(decoder.schema).toBeNull();
    expect(rejection.message).toBe('no record so far tells the features of the schema');
    decoder.decode(chunkOf(['{"a":1}']));
    expect(decoder.decode(chunkOf(['{"a":1,"b":2}'])).count).toBe(1);
    expect(decoder.schema?.features).toHaveLength(1);
  });

  it('is not inferred again where a checkpoint remembers it', () => {
    const schema = schemaOf([numeric('b')]);
    const decoder = createDecoder({ format: createJsonFormat(openSchema(), 'none'), schema, maxRecordBytes: 100 });
    const block = decoder.decode(chunkOf(['{"a":1,"b":2}']));
    expect(rowsOf(block, decoder.schema)).toMatchObject([{ inputs: [2] }]);
  });
});

// What both formats can say: finite float32s, a flag, a category with odd characters, and a label that may be absent.
const features: FeatureSpec[] = [
  numeric('x'),
  numeric('y', { missing: 'mean' }),
  { name: 'flag', from: null, missing: 'zero', type: 'boolean' },
  categorical('kind', ['a,b', 'say "hi"', 'é', '7']),
];
// JSON.stringify writes −0 as 0.
const finite = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const anySample = fc.record({
  x: finite,
  y: fc.option(finite),
  flag: fc.option(fc.boolean()),
  kind: fc.constantFrom('a,b', 'say "hi"', 'é', '7', 'other'),
  label: fc.option(finite),
  weight: fc.option(fc.float({ min: 0, max: 1e9, noNaN: true })),
});
const quote = (cell: unknown) => (cell === null ? '' : `"${String(cell).replaceAll('"', '""')}"`);

describe('any bytes', () => {
  it('of one sample decode to the same block as CSV and as JSON', () => {
    const schema = schemaOf(features, { target: regressionTarget, weight: 'weight' });
    const columns = ['x', 'y', 'flag', 'kind', 'label', 'weight'] as const;
    fc.assert(
      fc.property(fc.array(anySample, { maxLength: 6 }), (samples) => {
        const rows = samples.map((sample) => columns.map((name) => quote(sample[name])).join(','));
        const fromCsv = csvDecoder(schema, columns.join(',')).decode(chunkOf(rows));
        const fromJson = jsonDecoder(schema).decode(chunkOf(samples.map((sample) => JSON.stringify(sample))));
        expect(fromCsv).toEqual(fromJson);
        const sound = samples.filter(({ kind }) => kind !== 'other');
        expect(rowsOf(fromJson, schema)).toMatchObject(
          sound.map(({ x, label }) => ({
            inputs: expect.arrayContaining([x]),
            label: label === null ? null : [label],
          })),
        );
      }),
    );
  });

  it('end as a sample or as a rejection, never as an exception', () => {
    const schema = schemaOf(features, { weight: 'weight' });
    const nasty = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
      fc
        .string({ unit: fc.constantFrom('"', ',', '{', '}', '[', '1', 'e', '-', ':', '\n', '\\', 'x') })
        .map(Buffer.from),
      fc
        .record({
          features: fc.anything({ withNullPrototype: false, key: fc.constantFrom('x', '__proto__', 'toString', '0') }),
          label: fc.anything({ maxDepth: 2 }),
          weight: fc.anything({ maxDepth: 2 }),
          x: fc.anything({ maxDepth: 1 }),
        })
        .map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 5 }), (values) => {
        const decoders = [jsonDecoder(schema), csvDecoder(schema, 'x,y,flag,kind,label'), jsonDecoder(openSchema())];
        for (const decoder of decoders) {
          const { count, recordIndex, rejections, weights } = decoder.decode(chunkOf(values));
          expect(count + rejections.length).toBe(values.length);
          const seen = [...recordIndex.subarray(0, count), ...rejections.map(({ index }) => index)];
          expect(seen.toSorted((a, b) => a - b)).toEqual(values.map((_, index) => index));
          expect(rejections.every(({ reason, message }) => reasons.includes(reason) && message !== '')).toBe(true);
          expect(weights.subarray(0, count).every((weight) => weight >= 0 && Number.isFinite(weight))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('every rejection says which field, and shows little of what was in it', () => {
  const long = 'y'.repeat(500);
  const block = jsonDecoder(schemaOf([numeric('amount')])).decode(
    chunkOf([`{"amount":"${long}"}`, `{"amount":1,"label":"${long}"}`]),
  );
  const expected: RejectionReason[] = ['bad-feature', 'unknown-class'];
  expect(block.rejections.map(({ reason }) => reason)).toEqual(expected);
  expect(block.rejections[0].message).toContain("'amount'");
  expect(block.rejections.every(({ message }) => message.length < 120)).toBe(true);
});
