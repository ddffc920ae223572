import { describe, expect, it } from 'vitest';
import { decodeOne, jsonDecoder, numeric, openSchema, regressionTarget, schemaOf } from './samples.ts';

const schema = schemaOf([numeric('x'), numeric('y')], { target: regressionTarget });
const inputsOf = (value: string, spec: Parameters<typeof jsonDecoder>[0] = schema) => {
  const decoded = decodeOne(jsonDecoder(spec), value);
  return 'inputs' in decoded ? decoded.inputs : decoded;
};

describe('JSON records', () => {
  it('hold their features by name, in an array, or at the top', () => {
    expect(inputsOf('{"features":{"y":2,"x":1},"label":3}')).toEqual([1, 2]);
    expect(inputsOf('{"features":[1,2],"label":3}')).toEqual([1, 2]);
    expect(inputsOf('{"y":2,"x":1,"label":3,"note":"ignored"}')).toEqual([1, 2]);
  });

  it('are mapped by dotted paths, through arrays too', () => {
    const spec = schemaOf([numeric('x', { from: 'payment.amount' }), numeric('y', { from: 'legs.1.fee' })], {
      target: { ...regressionTarget, from: ['outcome.value'] },
      weight: 'meta.weight',
    });
    const value = '{"payment":{"amount":1},"legs":[{"fee":9},{"fee":2}],"outcome":{"value":4},"meta":{"weight":0.5}}';
    expect(decodeOne(jsonDecoder(spec), value)).toEqual({ record: 0, inputs: [1, 2], label: [4], weight: 0.5 });
    expect(decodeOne(jsonDecoder(spec), '{"payment":7,"legs":[]}')).toMatchObject({ reason: 'missing-feature' });
  });

  it('may carry a `features` array of their own where every feature is mapped elsewhere', () => {
    const spec = schemaOf([numeric('x', { from: 'a' })], { target: regressionTarget });
    expect(inputsOf('{"a":1,"features":["red","blue"],"label":1}', spec)).toEqual([1]);
  });

  it('may have several labels, or none', () => {
    const spec = schemaOf([numeric('x')], { target: { ...regressionTarget, from: ['a', 'b'] } });
    expect(decodeOne(jsonDecoder(spec), '{"x":1,"a":2,"b":3}')).toMatchObject({ label: [2, 3] });
    expect(decodeOne(jsonDecoder(spec), '{"x":1}')).toMatchObject({ label: null });
    expect(decodeOne(jsonDecoder(spec), '{"x":1,"b":3}')).toMatchObject({
      reason: 'bad-label',
      message: 'the label has 1 of 2 values',
    });
  });

  it('give their features to a schema that has none', () => {
    const named = jsonDecoder(openSchema({ weight: 'w' }));
    expect(decodeOne(named, '{"b":1,"label":0,"a":2,"w":3}')).toMatchObject({ inputs: [1, 2], weight: 3 });
    expect(named.schema?.features.map(({ name }) => name)).toEqual(['b', 'a']);
    const array = jsonDecoder(openSchema());
    expect(decodeOne(array, '{"features":[4,5,6]}')).toMatchObject({ inputs: [4, 5, 6] });
    expect(array.schema?.features.map(({ name }) => name)).toEqual(['f0', 'f1', 'f2']);
  });

  it('read own properties only: `__proto__` and its kind are names like any other', () => {
    const spec = schemaOf([numeric('__proto__'), numeric('toString', { missing: 'zero' })]);
    expect(inputsOf('{"__proto__":7,"label":1}', spec)).toEqual([7, 0]);
    expect(inputsOf('{"label":1}', spec)).toMatchObject({ reason: 'missing-feature' });
    const open = jsonDecoder(openSchema());
    expect(decodeOne(open, '{"features":{"__proto__":3,"constructor":4},"label":1}')).toMatchObject({ inputs: [3, 4] });
    const path = schemaOf([numeric('x', { from: 'a.constructor.length' })]);
    expect(inputsOf('{"a":{},"label":1}', path)).toMatchObject({ reason: 'missing-feature' });
    expect(Object.prototype).not.toHaveProperty('x');
  });

  it.each([
    ['no JSON', '{"x":1,', 'not JSON: '],
    ['nothing', '', 'not JSON: '],
    ['a number', '7', 'not an object: 7'],
    ['null', 'null', 'not an object: null'],
    ['broken UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'not UTF-8'],
    ['NaN, which JSON does not have', '{"x":NaN}', 'not JSON: '],
  ])('are malformed where they are %s', (_, value, message) => {
    expect(decodeOne(jsonDecoder(schema), value)).toEqual({
      reason: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it('are rejected, however deep the nonsense in them', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const decoder = jsonDecoder(schemaOf([numeric('x')], { weight: 'w' }), 1e6);
    expect(decodeOne(decoder, deep)).toMatchObject({ reason: 'malformed' });
    expect(decodeOne(decoder, `{"x":${deep}}`)).toMatchObject({ reason: 'bad-feature' });
    expect(decodeOne(decoder, `{"x":1,"label":${deep}}`)).toMatchObject({ reason: 'bad-label' });
    expect(decodeOne(decoder, `{"x":1,"w":${deep}}`)).toMatchObject({ reason: 'bad-weight' });
    expect(decodeOne(decoder, '{"x":1,"w":{"toString":1,"valueOf":1}}')).toEqual({
      reason: 'bad-weight',
      message: 'the weight is {"toString":1,"valueOf":1}, not a finite number of at least 0',
    });
  });
});
