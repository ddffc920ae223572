import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvFormat, splitRow } from '../../src/sample/csv-format.ts';
import type { FeatureSpec } from '../../src/sample/schema.ts';
import { csvDecoder, decodeOne, numeric, openSchema, regressionTarget, schemaOf } from './samples.ts';

const open = openSchema({ target: regressionTarget });
const decode = (row: string) => decodeOne(csvDecoder(open, 'a,b,label'), row);

describe('CSV rows', () => {
  it('take their features from the header, less label and weight', () => {
    const spec = openSchema({ target: regressionTarget, weight: 'w' });
    const decoder = csvDecoder(spec, 'w,b,label,a');
    expect(decoder.schema?.features.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(decodeOne(decoder, '0.5,2,7,1')).toEqual({ record: 0, inputs: [2, 1], label: [7], weight: 0.5 });
  });

  it('are read by column name, in any order, others left out', () => {
    const spec = schemaOf([numeric('x', { from: 'b' }), numeric('a')], { target: regressionTarget });
    expect(decodeOne(csvDecoder(spec, 'label,a,unused,b'), '3,1,huh,2')).toMatchObject({ inputs: [2, 1], label: [3] });
  });

  it('without a label are only predicted, be it the cell or the column that is lacking', () => {
    expect(decode('1,2,')).toMatchObject({ inputs: [1, 2], label: null });
    expect(decodeOne(csvDecoder(open, 'a,b'), '1,2')).toMatchObject({ inputs: [1, 2], label: null });
  });

  it('may be quoted, with commas, quotes and line ends inside', () => {
    const country: FeatureSpec = {
      ...numeric('c'),
      type: 'categorical',
      values: ['a,b', 'say "hi"', 'two\nlines'],
      buckets: null,
    };
    const decoder = csvDecoder(schemaOf([country], { target: regressionTarget }), 'c,label');
    expect(decodeOne(decoder, '"a,b",1')).toMatchObject({ inputs: [1, 0, 0] });
    expect(decodeOne(decoder, '"say ""hi""","1"')).toMatchObject({ inputs: [0, 1, 0], label: [1] });
    expect(decodeOne(decoder, '"two\nlines",1')).toMatchObject({ inputs: [0, 0, 1] });
  });

  it.each([
    [' 1.5 ', 1.5],
    ['-1e-3', -1e-3],
    ['+7', 7],
    ['.5', 0.5],
    ['-0', -0],
    ['0', 0],
  ])('read %j as the number %d', (cell, value) => {
    expect(decode(`${cell},2,3`)).toMatchObject({ inputs: [Math.fround(value), 2] });
  });

  it.each([
    ['', 'missing-feature', "feature 'a' is missing"],
    ['  ', 'missing-feature', "feature 'a' is missing"],
    ['abc', 'bad-feature', `feature 'a' is "abc", not a number`],
    ['0x10', 'bad-feature', `feature 'a' is "0x10", not a number`],
    ['1_000', 'bad-feature', `feature 'a' is "1_000", not a number`],
    ['NaN', 'not-finite', "feature 'a' is NaN, not a finite float32"],
    ['-inf', 'not-finite', "feature 'a' is -Infinity, not a finite float32"],
    ['Infinity', 'not-finite', "feature 'a' is Infinity, not a finite float32"],
    ['1e39', 'not-finite', "feature 'a' is 1e+39, not a finite float32"],
    ['1e400', 'not-finite', "feature 'a' is Infinity, not a finite float32"],
  ])('refuse %j as a number', (cell, reason, message) => {
    expect(decode(`${cell},2,3`)).toEqual({ reason, message });
  });

  it.each([
    ['1,2', 'wrong-arity', 'the row has 2 cells, the header 3'],
    ['1,2,3,4', 'wrong-arity', 'the row has 4 cells, the header 3'],
    ['"1,2,3', 'malformed', 'not a CSV row: its quotes do not match'],
    ['"1"x,2,3', 'malformed', 'not a CSV row: its quotes do not match'],
    ['"1",2,3\r"4",5,6', 'malformed', 'not a CSV row: its quotes do not match'],
  ])('refuse %j', (row, reason, message) => {
    expect(decode(row)).toEqual({ reason, message });
  });

  it('know booleans as Python and JSON write them', () => {
    const flag: FeatureSpec = { name: 'f', from: null, missing: 'zero', type: 'boolean' };
    const decoder = csvDecoder(schemaOf([flag], { target: regressionTarget }), 'f,label');
    for (const cell of ['true', 'True', '1', '1.0'])
      expect(decodeOne(decoder, `${cell},0`)).toMatchObject({ inputs: [1] });
    for (const cell of ['false', 'FALSE', '0', '0.0', ''])
      expect(decodeOne(decoder, `${cell},0`)).toMatchObject({ inputs: [0] });
    expect(decodeOne(decoder, 'yes,0')).toMatchObject({ reason: 'bad-feature' });
  });

  it('know classes as other programs write them', () => {
    const decoder = csvDecoder(openSchema(), 'a,label');
    for (const cell of ['1', '1.0', 'true', 'True', ' 1 ']) {
      expect(decodeOne(decoder, `5,${cell}`)).toMatchObject({ label: [1] });
    }
    expect(decodeOne(decoder, '5,0x1')).toMatchObject({ reason: 'unknown-class' });
  });

  it('split as they were joined', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', '\n', '\r', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
        const row = cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
        expect(splitRow(row)).toEqual(cells);
      }),
    );
  });
});

describe('a CSV header', () => {
  it('must have the columns of the schema, and each only once', () => {
    const spec = schemaOf([numeric('amount'), numeric('x', { from: 'y' })]);
    expect(() => createCsvFormat(spec, 'none', ['amount', 'label'])).toThrow(
      expect.objectContaining({
        code: 'source-header',
        message: "the CSV header has no column 'y'; it has: amount, label",
      }),
    );
    expect(() => createCsvFormat(openSchema(), 'none', ['a', 'a', 'label'])).toThrow(/has the column 'a' twice/);
  });
});
