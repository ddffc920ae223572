// A folder for one test.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempFolder {
  path(name: string): string;
  remove(): Promise<void>;
}

export async function createTempFolder(): Promise<TempFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  return { path: (name) => join(folder, name), remove: () => rm(folder, { recursive: true, force: true }) };
}
