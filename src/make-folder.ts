// Makes a folder and those above it that are lacking. Node's own recursive mkdir never returns where the system answers
// ENOENT below a folder that is there, as /proc does.

import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Resolves once `path` is a folder; rejects with the system's error where none can be made. */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above);
  try {
    await mkdir(path);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info?.isDirectory() ?? false;
}
