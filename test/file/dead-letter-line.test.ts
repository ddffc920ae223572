import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderDeadLetterLine } from '../../src/file/dead-letter-line.ts';
import { deadLetterRecord } from '../../src/sample/dead-letter.ts';
import { listedRecords } from '../../src/sample/listed-records.ts';
import type { OutputRecord } from '../../src/sample/record.ts';

const bytes = (text: string) => Buffer.from(text);

/** The line of a rejected record, read back. */
function lineOf(parts: Partial<OutputRecord>) {
  const record = { key: null, value: null, headers: [], timestampMs: null, offset: 17, ...parts };
  const chunk = { origin: 'in.csv', partition: 0, records: listedRecords([record]), nextOffset: 18 };
  return JSON.parse(
    renderDeadLetterLine(deadLetterRecord(chunk, { index: 0, reason: 'malformed', message: 'no "x"' })),
  );
}

it('says what was wrong and where, and keeps key, value and headers', () => {
  const headers = [
    ['trace', bytes('1')],
    ['tag', bytes('a')],
    ['tag', bytes('b')],
  ] as const;
  expect(lineOf({ key: bytes('k'), value: bytes('1,2\n'), headers })).toEqual({
    error: { code: 'malformed', message: 'no "x"', topic: 'in.csv', partition: 0, offset: 17 },
    key: 'k',
    value: '1,2\n',
    headers: { trace: '1', tag: ['a', 'b'] },
  });
});

it('loses no byte, be it text or not', () => {
  fc.assert(
    fc.property(fc.option(fc.uint8Array()), fc.string(), (value, text) => {
      for (const original of [value, bytes(text)]) {
        const { value: told } = lineOf({ value: original });
        const back = told === null ? null : typeof told === 'string' ? bytes(told) : Buffer.from(told.base64, 'base64');
        expect(back && [...back]).toEqual(original && [...original]);
      }
    }),
  );
});

it('is one line, whatever is in it', () => {
  const record = { key: bytes('a\nb'), value: bytes('c\r\nd'), headers: [], timestampMs: null, partition: null };
  expect(renderDeadLetterLine(record)).not.toMatch(/[\r\n]/);
  expect(JSON.parse(renderDeadLetterLine(record)).error.code).toBeNull();
});
