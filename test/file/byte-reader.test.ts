import { writeFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ByteReader, createStreamReader, openFileReader } from '../../src/file/byte-reader.ts';
import { createTempFolder } from './support.ts';

async function readAll(reader: ByteReader): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let bytes = await reader.read(null); bytes !== null; bytes = await reader.read(null)) parts.push(bytes);
  return Buffer.concat(parts);
}

describe('reading a file', () => {
  it('gives all of its bytes, in memory that stays as it is', async () => {
    const folder = await createTempFolder();
    onTestFinished(folder.remove);
    const content = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
    await writeFile(folder.path('data'), content);
    const reader = await openFileReader(folder.path('data'));
    expect((await readAll(reader)).equals(content)).toBe(true);
    await reader.close();
    await reader.close();
    expect(await reader.read(null)).toBeNull();
  });

  it('reports a file that is not there as the system does', async () => {
    await expect(openFileReader('/nowhere/data')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('reading a stream', () => {
  it('gives all that comes, text too, and then ends', async () => {
    const reader = createStreamReader(Readable.from([Buffer.from('ab'), 'cé', Buffer.from('d')]));
    expect(String(await readAll(reader))).toBe('abcéd');
  });

  it('ends a wait on abort, and goes on with the next read', async () => {
    const stream = new PassThrough();
    const reader = createStreamReader(stream);
    const controller = new AbortController();
    const waiting = reader.read(controller.signal);
    await setImmediate();
    controller.abort();
    expect(await waiting).toBeNull();
    stream.write('later');
    expect(String(await reader.read(null))).toBe('later');
    await reader.close();
  });

  it('ends a wait when it is closed, and destroys the stream', async () => {
    const stream = new PassThrough();
    const reader = createStreamReader(stream);
    const waiting = reader.read(null);
    await reader.close();
    expect([await waiting, stream.destroyed]).toEqual([null, true]);
  });

  it('fails as the stream fails', async () => {
    const stream = new PassThrough();
    const reader = createStreamReader(stream);
    const waiting = reader.read(null);
    stream.destroy(new Error('unplugged'));
    await expect(waiting).rejects.toThrow('unplugged');
  });
});
