import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileSource, type FileSourceOptions } from '../../src/file/file-source.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import type { Chunk } from '../../src/sample/record.ts';
import { createTempFolder } from './support.ts';

/** A source over a file with this text. */
async function sourceOf(text: string, options: Partial<FileSourceOptions> = {}) {
  const folder = await createTempFolder();
  onTestFinished(folder.remove);
  const path = folder.path('in.data');
  await writeFile(path, text);
  return createFileSource({ path, format: 'ndjson', ...options });
}

/** Everything from a position on, as chunks. */
async function read(source: Awaited<ReturnType<typeof sourceOf>>, from = 0): Promise<Chunk[]> {
  await source.open();
  const chunks: Chunk[] = [];
  for await (const chunk of source.chunks(new Map([[0, from]]), new AbortController().signal)) chunks.push(chunk);
  await source.close();
  return chunks;
}

const valuesOf = (chunks: readonly Chunk[]) =>
  chunks.flatMap(({ records }) =>
    recordList(records).map(({ offset, value }) => `${offset} ${Buffer.from(value ?? []).toString()}`),
  );

describe('a file', () => {
  it('of CSV has columns and rows; neither header nor blank lines are records', async () => {
    const source = await sourceOf('a, b\n1,2\n\n3,4\n', { format: 'csv' });
    expect(valuesOf(await read(source))).toEqual(['0 1,2', '1 3,4']);
    expect(source.columns).toEqual(['a', 'b']);
  });

  it('of NDJSON names its own fields', async () => {
    const source = await sourceOf('{"a":1}\r\n{"a":2}');
    expect(valuesOf(await read(source))).toEqual(['0 {"a":1}', '1 {"a":2}']);
    expect(source.columns).toBeNull();
  });

  it('goes on counting over its epochs, and resumes in any of them', async () => {
    const epochs = () => sourceOf('h\na\nb\nc\n', { format: 'csv', epochs: 3 });
    const all = ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c'].map((value, offset) => `${offset} ${value}`);
    for (let from = 0; from <= 9; from++) expect(valuesOf(await read(await epochs(), from))).toEqual(all.slice(from));
  });

  it('comes in chunks of at most a thousand records', async () => {
    const chunks = await read(await sourceOf('{}\n'.repeat(2500)));
    expect(chunks.every(({ records }) => records.length <= 1000)).toBe(true);
    expect(chunks.reduce((sum, { records }) => sum + records.length, 0)).toBe(2500);
  });

  it('may be empty, but for CSV it needs a header', async () => {
    expect(await read(await sourceOf(''))).toEqual([]);
    expect(await read(await sourceOf('', { epochs: 3 }))).toEqual([]);
    expect(await read(await sourceOf('a,b\n', { format: 'csv', epochs: 2 }))).toEqual([]);
    await expect(read(await sourceOf('\n', { format: 'csv' }))).rejects.toMatchObject({ code: 'source-empty' });
  });

  it('that is shorter than the checkpoint says is refused, with both numbers', async () => {
    await expect(read(await sourceOf('1\n2\n'), 5)).rejects.toMatchObject({
      code: 'source-shrunk',
      message: expect.stringMatching(/in\.data has 2 records, but the checkpoint resumes at record 5/),
    });
    await expect(read(await sourceOf('1\n2\n', { epochs: 2 }), 5)).rejects.toMatchObject({ code: 'source-shrunk' });
    expect(await read(await sourceOf('1\n2\n'), 2)).toEqual([]);
  });

  it('cuts a record that is too long, so that decoding rejects it', async () => {
    const [chunk] = await read(await sourceOf(`${'x'.repeat(50)}\nok\n`, { maxRecordBytes: 10 }));
    expect(recordList(chunk.records).map(({ value }) => value?.length)).toEqual([11, 2]);
  });
});

describe('standard input', () => {
  it('is named so, and cannot be read twice', () => {
    const stdin = Readable.from([]);
    expect(createFileSource({ path: '-', format: 'ndjson', stdin })).toMatchObject({
      name: 'standard input',
      origin: '-',
    });
    expect(() => createFileSource({ path: '-', format: 'ndjson', epochs: 2, stdin })).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining('can be read only once') }),
    );
  });
});
