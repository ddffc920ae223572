import { expect, it } from 'vitest';
import { fixedText, overhangMax, writeFixedText } from '../../src/sample/fixed-text.ts';

it.each(['', '"', ',"loss":', '{"prediction":"naïve"', 'x'.repeat(33)])('writes %j where it is told to', (text) => {
  const bytes = Buffer.alloc(60, '#');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = writeFixedText(view, 5, fixedText(text));
  expect(bytes.toString('utf8', 0, end)).toBe(`#####${text}`);
  expect(bytes.toString('latin1', end + overhangMax)).toBe('#'.repeat(60 - end - overhangMax));
});
