import { expect, it } from 'vitest';
import { deadLetterRecord } from '../../src/sample/dead-letter.ts';
import { fullChunk } from './samples.ts';

const chunk = fullChunk;
const record = chunk.records.at(0);
const text = (headers: readonly (readonly [string, Uint8Array])[]) =>
  headers.map(([name, value]) => [name, Buffer.from(value).toString('utf8')]);

it('keeps all of the record and says what was wrong and where', () => {
  const { headers, ...rest } = deadLetterRecord(chunk, { index: 0, reason: 'malformed', message: 'not UTF-8' });
  expect(rest).toEqual({ key: record.key, value: record.value, timestampMs: record.timestampMs, partition: 3 });
  expect(text(headers)).toEqual([
    ['trace', '1'],
    ['trace', '2'],
    ['millrace-error-code', 'malformed'],
    ['millrace-error-message', 'not UTF-8'],
    ['millrace-error-topic', 'transactions'],
    ['millrace-error-partition', '3'],
    ['millrace-error-offset', '17'],
  ]);
});
