import { expect, it } from 'vitest';
import { parseCsvHeader } from '../../src/file/csv-header.ts';

const names = (text: string) => parseCsvHeader(Buffer.from(text), 'data.csv');

it('a header names its columns, quoted or not, without the blanks around them', () => {
  expect(names('a, b ,"c,d",""')).toEqual(['a', 'b', 'c,d', '']);
  expect(names('straße')).toEqual(['straße']);
});

it.each([
  ['a,b,a', 'The header of data.csv names the column "a" twice (columns: a, b, a). Rename one of them.'],
  ['a,"b', 'The header of data.csv is not a CSV row: '],
])('a header like %s is refused by the name of its file', (text, message) => {
  expect(() => names(text)).toThrow(
    expect.objectContaining({ code: 'source-header', message: expect.stringContaining(message) }),
  );
});
