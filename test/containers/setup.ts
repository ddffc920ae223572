// Builds the image once for all files, where there is a container engine, and removes at the end whatever they left. Without an
// engine the tests are skipped, or with MILLRACE_NEED_CONTAINERS=1 failed.

import { randomUUID } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { messageOf } from '../../src/errors.ts';
import { docker, removeLabelled } from './engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The image of this checkout; null where there is no container engine. */
    readonly image: string | null;
    /** Names this run in all that it starts. */
    readonly containerRun: string;
  }
}

/** The label that everything of a run carries. */
export const labelKey = 'io.millrace.test-run';

// biome-ignore lint/style/noDefaultExport: vitest takes a default export
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const id = `millrace-test-${randomUUID().slice(0, 8)}`;
  project.provide('containerRun', id);
  project.provide('image', null);
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  try {
    await docker(['version', '--format', '{{.Server.Version}}']);
  } catch (error) {
    const words = messageOf(error).replaceAll(/\s+/g, ' ').trim();
    if (process.env.MILLRACE_NEED_CONTAINERS === '1')
      throw new Error(`no container engine answers: ${words}`, { cause: error });
    console.error(`\n*** CONTAINER TESTS ARE SKIPPED: no container engine answers (${words.slice(0, 300)}) ***\n`);
    return async () => {};
  }
  const startedMs = performance.now();
  const image = 'millrace:test';
  await docker(['build', '--network', 'host', '-f', 'deploy/Dockerfile', '-t', image, '.']);
  const { stdout } = await docker(['image', 'inspect', '--format', '{{.Size}}', image]);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`containers: image of ${(Number(stdout) / 1e6).toFixed(0)} MB in ${seconds} s; this run is ${id}`);
  project.provide('image', image);
  return async () => {
    await removeLabelled(`${labelKey}=${id}`);
    await removeLabelled(`com.docker.compose.project=${id}`);
  };
}
