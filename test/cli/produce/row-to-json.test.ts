import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRowToJson } from '../../../src/cli/produce/row-to-json.ts';

/** The record of a row under a header, as text. */
function convert(columns: readonly string[], row: string): string {
  return Buffer.from(createRowToJson(columns)(Buffer.from(row))).toString();
}

describe('a CSV row as JSON', () => {
  it.each([
    ['1,2.50,-3e-7', '{"a":1,"b":2.50,"c":-3e-7}'],
    ['007,.5,+1', '{"a":"007","b":".5","c":"+1"}'],
    ['NaN,Infinity,true', '{"a":"NaN","b":"Infinity","c":"true"}'],
    [' 1 ,, x ', '{"a":1,"b":null,"c":"x"}'],
    ['"a, ""b""",1,2', '{"a":"a, \\"b\\"","b":1,"c":2}'],
  ])('%s', (row, json) => {
    expect(convert(['a', 'b', 'c'], row)).toBe(json);
  });

  it('of another length than the header goes as it is, for the dead letters', () => {
    expect(convert(['a', 'b'], '1,2,3')).toBe('1,2,3');
    expect(convert(['a', 'b'], '"1,2')).toBe('"1,2');
  });

  it('quotes the names of columns', () => {
    expect(convert(['a "b"', '__proto__'], '1,2')).toBe('{"a \\"b\\"":1,"__proto__":2}');
  });

  it('keeps any number as JavaScript spells it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const parsed: unknown = JSON.parse(convert(['a'], String(value)));
        // -0 is spelt 0.
        expect(parsed).toEqual({ a: value === 0 ? 0 : value });
      }),
    );
  });
});
