import { expect, it } from 'vitest';
import { columnNames, columnScales, outputWidth, targetWidth, widthOf } from '../../src/sample/schema.ts';
import { binaryTarget, categorical, numeric, regressionTarget, schemaOf } from './samples.ts';

const schema = schemaOf([
  numeric('amount', { scale: 'minmax' }),
  categorical('country', ['DE', 'FR']),
  { name: 'agent', from: null, missing: 'reject', type: 'categorical', values: null, buckets: 3 },
  { name: 'flag', from: null, missing: 'reject', type: 'boolean' },
]);

it('a schema lays its features out as columns, with names and scales', () => {
  expect(columnNames(schema)).toEqual(['amount', 'country=DE', 'country=FR', 'agent#0', 'agent#1', 'agent#2', 'flag']);
  expect(columnScales(schema)).toEqual(['minmax', 'none', 'none', 'none', 'none', 'none', 'none']);
  expect(schema.features.map(widthOf)).toEqual([1, 2, 3, 1]);
});

it('a target says how many numbers a label has and how many outputs a network', () => {
  const two = { ...regressionTarget, from: ['a', 'b'] };
  const digits = { ...binaryTarget, type: 'multiclass', classes: [0, 1, 2, 3] } as const;
  expect([regressionTarget, two, binaryTarget, digits].map(targetWidth)).toEqual([1, 2, 1, 1]);
  expect([regressionTarget, two, binaryTarget, digits].map(outputWidth)).toEqual([1, 2, 1, 4]);
});
