import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineFramer, type LineFramerOptions } from '../../src/file/line-framer.ts';

/** Frames `bytes` after cutting them into reads at the given places. */
function frame(bytes: Buffer, options: Partial<LineFramerOptions> = {}, cuts: readonly number[] = []): string[] {
  const framer = createLineFramer({ quoted: false, maxRecordBytes: 1000, ...options });
  const out: Uint8Array[] = [];
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < places.length; index += 1) {
    framer.push(bytes.subarray(places[index - 1], places[index]), out);
  }
  framer.end(out);
  return out.map((record) => Buffer.from(record).toString('utf8'));
}

const csv = { quoted: true };

describe('line framer', () => {
  it('ends records at LF, CRLF and the end of the input', () => {
    expect(frame(Buffer.from('a\nbb\r\nccc'))).toEqual(['a', 'bb', 'ccc']);
  });

  it('skips blank lines and a byte order mark', () => {
    expect(frame(Buffer.from('\uFEFFa\n\n\r\nb\n\n'))).toEqual(['a', 'b']);
    expect(frame(Buffer.from('\uFEFF\na'))).toEqual(['a']);
    expect(frame(Buffer.from('\uFEFF'))).toEqual([]);
    expect(frame(Buffer.from(''))).toEqual([]);
  });

  it('keeps line ends inside a quoted CSV field, and only there', () => {
    const text = 'a,"b\nc",d\ne,"f ""g""\r\nh"\n"i\n""j"';
    expect(frame(Buffer.from(text), csv)).toEqual(['a,"b\nc",d', 'e,"f ""g""\r\nh"', '"i\n""j"']);
    expect(frame(Buffer.from('"a\nb"'))).toEqual(['"a', 'b"']);
    expect(frame(Buffer.from('\uFEFF"a\nb",c\n1,2'), csv)).toEqual(['"a\nb",c', '1,2']);
  });

  it('does not let a stray quote inside a field swallow the lines after it', () => {
    expect(frame(Buffer.from('5" pipe,1\n6" pipe,2\nab""\nc'), csv)).toEqual(['5" pipe,1', '6" pipe,2', 'ab""', 'c']);
  });

  it('cuts a long record to one byte more than the limit and goes on with the next line', () => {
    expect(frame(Buffer.from(`${'x'.repeat(50)}\nab\n12345\n123456\r\n`), { maxRecordBytes: 5 })).toEqual([
      'xxxxxx',
      'ab',
      '12345',
      '123456',
    ]);
  });

  it('lets an unclosed quote cost no more than the limit', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `row ${index}`);
    const framed = frame(Buffer.from(`"open\n${lines.join('\n')}\n`), { quoted: true, maxRecordBytes: 20 });
    expect(framed[0]).toBe('"open\nrow 0\nrow 1\nrow');
    expect(framed.slice(1)).toEqual(lines.slice(3));
  });

  it('frames the same records however the bytes were split into reads', () => {
    const text = fc.array(fc.constantFrom('"', ',', '\n', '\r\n', 'a', 'é', '""', ',"', '\uFEFF'), { maxLength: 60 });
    const cuts = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(
        text,
        cuts,
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        (parts, places, quoted, maxRecordBytes) => {
          const bytes = Buffer.from(parts.join(''));
          expect(frame(bytes, { quoted, maxRecordBytes }, places)).toEqual(frame(bytes, { quoted, maxRecordBytes }));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('gives back any rows that were written as RFC 4180 says', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' '), maxLength: 6 });
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (values, lineEnd) => {
        const lines = values.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','));
        expect(frame(Buffer.from(lines.join(lineEnd)), csv)).toEqual(lines);
      }),
    );
  });
});
