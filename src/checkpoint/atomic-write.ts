// Writes a file so that, after a crash at any point, its name holds either all of the new bytes or what it held before.

import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes to `temporary` (in the folder of `path`), makes it durable, gives it its name, and makes the name durable.
 * Throws what the file system throws; nothing is left at `temporary` then. `beforeRename` is waited for between the two.
 */
export async function writeAtomically(
  path: string,
  temporary: string,
  bytes: Uint8Array,
  beforeRename?: () => Promise<void> | void,
): Promise<void> {
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await beforeRename?.();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable, where the platform can: some file systems have no fsync for folders. */
async function syncFolder(path: string): Promise<void> {
  const unable = new Set(['EINVAL', 'EISDIR', 'EPERM', 'EACCES', 'ENOTSUP']);
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && unable.has(String(error.code)))) throw error;
  }
}
