// What .ci/run promises where something is missing: it ends in time, and fails instead of leaving out.

import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { projectRoot } from './source-files.ts';

/** Runs a command in the project's root; gives its exit code and all that it said. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

it('fails the step for which no time is left', () => {
  const { status, said } = run('.ci/run', [], { MILLRACE_CI_SECONDS: '0' });
  expect(status).toBe(1);
  expect(said).toContain('ci: no time is left for: npm ci\n');
  expect(said).toMatch(/\n0 passed, 0 failed, 0 skipped\n/);
});

it.each([
  ['skips the container suite where no engine answers', '', 0, 'CONTAINER TESTS ARE SKIPPED'],
  ['fails it where there must be one', '1', 1, 'no container engine answers'],
])('%s', (_, needed, status, words) => {
  const suite = ['vitest', 'run', '-c', 'test/containers/vitest.config.ts', 'image'];
  const env = { DOCKER_HOST: 'tcp://127.0.0.1:1', MILLRACE_NEED_CONTAINERS: needed, MILLRACE_TEST_REPORT: '' };
  const ended = run('npx', suite, env);
  expect(ended.said).toContain(words);
  expect(ended.status).toBe(status);
});
