import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createStreamReader } from '../../src/file/byte-reader.ts';
import { createLineFramer } from '../../src/file/line-framer.ts';
import { createRecordPass, type RecordPass } from '../../src/file/record-pass.ts';

function passOver(...reads: string[]): RecordPass {
  const reader = createStreamReader(Readable.from(reads.map((text) => Buffer.from(text))));
  return createRecordPass(reader, createLineFramer({ quoted: false, maxRecordBytes: 100 }));
}

async function rest(pass: RecordPass): Promise<string[]> {
  const records: string[] = [];
  for (let batch = await pass.next(null); batch !== null; batch = await pass.next(null))
    records.push(...batch.map((record) => Buffer.from(record).toString()));
  return records;
}

it('gives every record once, across reads that end anywhere', async () => {
  expect(await rest(passOver('a\nb', 'b\n', 'cc', 'c'))).toEqual(['a', 'bb', 'ccc']);
});

it('takes the first one away, and only it', async () => {
  const pass = passOver('head\na\nb\n', 'c');
  expect(Buffer.from((await pass.takeFirst(null)) ?? []).toString()).toBe('head');
  expect(await rest(pass)).toEqual(['a', 'b', 'c']);
  expect(await passOver('\n\n').takeFirst(null)).toBeNull();
});

it('does not take a half record for a whole one when it is stopped', async () => {
  const pass = passOver('a\nhal', 'f\n');
  expect((await pass.next(null))?.length).toBe(1);
  expect(await pass.next(AbortSignal.abort())).toBeNull();
  expect(await rest(pass)).toEqual(['half']);
});
