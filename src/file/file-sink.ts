// Predictions or dead letters into a file, a line each. Its mark is a length in bytes: opening at a mark cuts off what a
// killed run wrote after its last checkpoint, so that every line appears exactly once.

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MillraceError, messageOf } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { Sink, SinkMark } from '../pipeline/ports.ts';
import { type Render, renderLines } from './render.ts';
import { createSerial } from './serial.ts';

export interface FileSinkOptions {
  readonly path: string;
  readonly format: 'ndjson';
  /** `value` unless said. */
  readonly render?: Render;
}

/**
 * A sink that appends to a file, creating it and its folder.
 * 1. `open(mark)` truncates to `mark` bytes (null: to nothing); a shorter file is `sink-shrunk`.
 * 2. `write` resolves once the operating system has the bytes; `flush` once the disk has them.
 * 3. After a failed write the length is unknown, so every later write and flush fails with the same error.
 * What is not a regular file (`/dev/null`, a named pipe) is written to but keeps no mark.
 */
export function createFileSink({ path, render = 'value' }: FileSinkOptions): Sink {
  const inOrder = createSerial();
  let handle: FileHandle | null = null;
  let isRegular = true;
  let length = 0;
  let failure: MillraceError | null = null;

  function opened(): FileHandle {
    if (failure !== null) throw failure;
    if (handle === null) throw new MillraceError('sink-unwritable', `Cannot write ${path}: it is not open.`);
    return handle;
  }

  async function guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      failure = error instanceof MillraceError ? error : unwritable(path, error);
      throw failure;
    }
  }

  async function append(bytes: Uint8Array): Promise<void> {
    const file = opened();
    let done = 0;
    while (done < bytes.length) {
      const position = isRegular ? length : null;
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position);
      done += bytesWritten;
      length += bytesWritten;
    }
  }

  async function sync(): Promise<SinkMark> {
    const file = opened();
    if (!isRegular) return null;
    await file.datasync();
    return length;
  }

  return {
    name: `file ${path}`,
    open: (mark) =>
      guard(async () => {
        await makeFolder(dirname(path));
        handle = await openAt(path, mark);
        const info = await handle.stat();
        isRegular = info.isFile();
        if (!isRegular) return;
        length = mark ?? 0;
        if (info.size < length) throw shrunk(path, info.size, length);
        await handle.truncate(length);
        await syncFolder(dirname(path));
      }),
    write: (records) => inOrder(() => guard(() => append(renderLines(records, render)))),
    flush: () => inOrder(() => guard(sync)),
    close: () =>
      inOrder(async () => {
        if (handle === null) return;
        const file = handle;
        try {
          if (failure === null) await guard(sync);
        } finally {
          handle = null;
          await file.close();
        }
      }),
  };
}

/** Opens for writing; creates the file only where nothing is vouched for, so that a lost one is noticed. */
async function openAt(path: string, mark: SinkMark): Promise<FileHandle> {
  const create = mark === null || mark === 0 ? constants.O_CREAT : 0;
  try {
    return await open(path, constants.O_WRONLY | create, 0o666);
  } catch (error) {
    const isLost = create === 0 && error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isLost ? shrunk(path, 0, mark ?? 0) : error;
  }
}

/** A new file's name is durable only once its folder is; not every system lets a folder be opened, and none must. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file itself was opened, so the folder is there: what fails here is the request, not the output.
  }
}

function unwritable(path: string, error: unknown): MillraceError {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  const remedy = isFull
    ? 'Free some space and start again: the run resumes from its checkpoint.'
    : 'Check the path, its permissions and the free space.';
  return new MillraceError('sink-unwritable', `Cannot write ${path}: ${messageOf(error)}. ${remedy}`, { cause: error });
}

function shrunk(path: string, size: number, mark: number): MillraceError {
  return new MillraceError(
    'sink-shrunk',
    `${path} has ${size} bytes, but the checkpoint vouches for ${mark}. ` +
      'Restore the file, or start anew with another checkpoint.dir and another output.',
  );
}
