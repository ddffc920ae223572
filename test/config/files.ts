// Configurations on disk, for the tests that load them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';

/** A file with this text, gone when the test is. */
export function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.yaml');
  writeFileSync(path, text);
  return path;
}

/** The least that a configuration must say. */
export const least = 'source: { file: { path: in.csv } }\nschema: { target: { type: binary } }\n';

/** The configuration of a text, as a run would load it. */
export function load(
  text: string,
  { set = [], environment = {} }: Partial<Parameters<typeof loadConfig>[0]> = {},
): Config {
  return loadConfig({ file: fileWith(text), set, environment });
}

/** Code and message of the refusal of a text; fails where it is accepted. */
export function refusal(action: () => unknown): { code: unknown; message: string } {
  try {
    action();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('it was accepted');
}
