// What `millrace predict` reads and writes must be different files: an output that is an input would replace it.

import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MillraceError } from '../../errors.ts';

/**
 * Compares files by what they are, not by their names: links to one file are one. Null and `-` are no file. Throws
 * MillraceError('usage-invalid') with the names of the first two that are the same.
 */
export async function requireDistinct(paths: Readonly<Record<string, string | null>>): Promise<void> {
  const seen = new Map<string, string>();
  for (const [name, path] of Object.entries(paths)) {
    const identity = path === null || path === '-' ? null : await identityOf(path);
    if (identity === null) continue;
    const other = seen.get(identity);
    if (other) throw new MillraceError('usage-invalid', `${name} is the same file as ${other}: ${path}`);
    seen.set(identity, name);
  }
}

/** What a path leads to; null for what keeps nothing that could be overwritten, as a pipe or a device. */
async function identityOf(path: string): Promise<string | null> {
  try {
    const found = await stat(path, { bigint: true });
    return found.isFile() ? `${found.dev}:${found.ino}` : null;
  } catch {
    // Not there yet: its folder may have several names, too.
    const folder = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)));
    return join(folder, basename(path));
  }
}
