import { execFileSync } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileSink } from '../../src/file/file-sink.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { createTempFolder } from './support.ts';

const records = (...values: string[]): OutputRecord[] =>
  values.map((value) => ({ key: null, value: Buffer.from(value), headers: [], timestampMs: null, partition: 0 }));

async function outputFile(name = 'out.ndjson'): Promise<string> {
  const folder = await createTempFolder();
  onTestFinished(folder.remove);
  return folder.path(name);
}

describe('a file as output', () => {
  it('marks its length in bytes', async () => {
    const path = await outputFile();
    const sink = createFileSink({ path, format: 'ndjson' });
    await sink.open(null);
    await sink.write(records('é', 'b'));
    expect(await sink.flush()).toBe(5);
    expect((await stat(path)).size).toBe(5);
    await sink.close();
  });

  it('starts over what was there where nothing is vouched for', async () => {
    const path = await outputFile();
    await writeFile(path, 'of an earlier run\n');
    const sink = createFileSink({ path, format: 'ndjson' });
    await sink.open(null);
    await sink.write(records('new'));
    await sink.close();
    expect(await readFile(path, 'utf8')).toBe('new\n');
  });

  it('that is shorter than its mark, or gone, is refused and left alone', async () => {
    const path = await outputFile();
    await writeFile(path, 'short\n');
    const sink = createFileSink({ path, format: 'ndjson' });
    await expect(sink.open(100)).rejects.toMatchObject({
      code: 'sink-shrunk',
      message: expect.stringContaining('has 6 bytes, but the checkpoint vouches for 100'),
    });
    await sink.close();
    expect(await readFile(path, 'utf8')).toBe('short\n');
    await rm(path);
    await expect(createFileSink({ path, format: 'ndjson' }).open(100)).rejects.toMatchObject({ code: 'sink-shrunk' });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('renders dead letters as JSON lines', async () => {
    const path = await outputFile();
    const sink = createFileSink({ path, format: 'ndjson', render: 'dead-letter' });
    await sink.open(null);
    await sink.write(records('bad\nrecord'));
    await sink.close();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ value: 'bad\nrecord' });
  });

  it('that is no regular file is written to but keeps no mark', async () => {
    const sink = createFileSink({ path: '/dev/null', format: 'ndjson' });
    await sink.open(null);
    await sink.write(records('x'));
    expect(await sink.flush()).toBeNull();
    await sink.close();
  });

  it('that is full says so, and stays failed', async () => {
    const sink = createFileSink({ path: '/dev/full', format: 'ndjson' });
    await sink.open(null);
    const failed = {
      code: 'sink-unwritable',
      message: expect.stringMatching(/^Cannot write \/dev\/full: ENOSPC.*Free some space/),
    };
    await expect(sink.write(records('x'))).rejects.toMatchObject(failed);
    await expect(sink.write(records('y'))).rejects.toMatchObject(failed);
    await expect(sink.flush()).rejects.toMatchObject(failed);
    await sink.close();
  });

  it('that is not open cannot be written', async () => {
    const sink = createFileSink({ path: await outputFile(), format: 'ndjson' });
    await expect(sink.write(records('x'))).rejects.toMatchObject({
      code: 'sink-unwritable',
      message: expect.stringMatching(/it is not open/),
    });
  });
});

it('a named pipe gets the lines as they come', async () => {
  const path = await outputFile('pipe');
  execFileSync('mkfifo', [path]);
  const reading = readFile(path, 'utf8');
  const sink = createFileSink({ path, format: 'ndjson' });
  await sink.open(null);
  await sink.write(records('through'));
  await sink.close();
  expect(await reading).toBe('through\n');
});
