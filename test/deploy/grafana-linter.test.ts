// Grafana's own linter over the dashboards: `dashboard-linter` of the PATH, else what Go can install;
// deploy/grafana/dashboards/.lint says what is left out.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';
import { dashboardFolder, dashboards } from './dashboards.ts';

const run = promisify(execFile);

/** One version, so that a new rule of the linter's does not fail an old checkout. */
const version = 'v0.0.0-20241224134444-1765d94aec4a';
const installTimeoutMs = 150_000;

const failure = z.object({ stdout: z.string(), stderr: z.string() });

/** The linter: the PATH's, else installed once by `go install` under node_modules/.cache; null, with a loud line, where neither is. */
async function linter(): Promise<string | null> {
  const onPath = await run('dashboard-linter', ['--help']).then(
    () => 'dashboard-linter',
    () => null,
  );
  if (onPath !== null) return onPath;
  const folder = join(root, 'node_modules', '.cache', 'dashboard-linter', version);
  const path = join(folder, 'dashboard-linter');
  if (existsSync(path)) return path;
  try {
    await run('go', ['install', `github.com/grafana/dashboard-linter@${version}`], {
      // The tool chain that is here: none is downloaded for it.
      env: { ...process.env, GOBIN: folder, GOTOOLCHAIN: 'local' },
      timeout: installTimeoutMs,
    });
    return path;
  } catch (error) {
    // A build that was cut short leaves nothing that a later run would take for whole.
    await rm(folder, { recursive: true, force: true });
    const { success, data } = failure.safeParse(error);
    const words = (success && data.stderr.trim().split('\n').at(-1)) || 'there is no `go` here';
    console.error(
      `\n*** THE LINTER OF DASHBOARDS IS SKIPPED: it cannot be installed (${words.slice(0, 300)}). ` +
        `Where Go reaches its proxy: go install github.com/grafana/dashboard-linter@${version}; or put a ` +
        '`dashboard-linter` into the PATH ***\n',
    );
    return null;
  }
}

const path = await linter();

describe.skipIf(path === null)("Grafana's dashboard linter", () => {
  it.each(dashboards.map(({ title, file }) => ({ title, file })))('finds no fault with $title', async ({ file }) => {
    const said = await run(path ?? '', ['lint', '--strict', join(root, dashboardFolder, file)]).then(
      () => 'no fault',
      (error: unknown) => Object.values(failure.parse(error)).join('\n'),
    );
    expect(said).toBe('no fault');
  });
});
