import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createStdoutSink } from '../../src/file/stdout-sink.ts';
import type { OutputRecord } from '../../src/sample/record.ts';

const records = (...values: string[]): OutputRecord[] =>
  values.map((value) => ({ key: null, value: Buffer.from(value), headers: [], timestampMs: null, partition: 0 }));

/** A reader that takes bytes only when it is let to, and may go away. */
function slowReader() {
  const waiting: (() => void)[] = [];
  let text = '';
  const stream = new Writable({
    write(bytes: Buffer, _encoding, done) {
      waiting.push(() => {
        text += bytes.toString();
        done();
      });
    },
  });
  return { stream, waiting, text: () => text };
}

describe('standard output', () => {
  it('is waited for: a write is done when its reader has taken it', async () => {
    const { stream, waiting, text } = slowReader();
    const sink = createStdoutSink({ stream });
    await sink.open(null);
    let isDone = false;
    const writing = sink.write(records('a', 'b')).then(() => {
      isDone = true;
    });
    await setImmediate();
    expect([isDone, text()]).toEqual([false, '']);
    waiting.shift()?.();
    await writing;
    expect([isDone, text()]).toEqual([true, 'a\nb\n']);
  });

  it('whose reader goes away in the middle fails that write and all after it, by name', async () => {
    const { stream } = slowReader();
    const sink = createStdoutSink({ stream });
    await sink.open(null);
    const writing = sink.write(records('a'));
    writing.catch(() => undefined);
    await setImmediate();
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    const failed = { code: 'sink-unwritable', message: expect.stringContaining('its reader has gone (EPIPE)') };
    await expect(writing).rejects.toMatchObject(failed);
    await expect(sink.write(records('b'))).rejects.toMatchObject(failed);
    await expect(sink.flush()).rejects.toMatchObject(failed);
    await sink.close();
  });

  it('is left open for others when the sink is closed', async () => {
    const { stream } = slowReader();
    const sink = createStdoutSink({ stream });
    await sink.open(null);
    await sink.close();
    expect([stream.destroyed, stream.writableEnded]).toEqual([false, false]);
  });
});
