// What a run answers over HTTP while it goes on, and the port that it cannot have.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { runMillrace, startMillrace } from '../support/millrace-process.ts';
import { failureOf, learnedBy, metricsUrl, settings, temporaryFolder } from './support.ts';

/** The demo on a port, its checkpoints in a folder of the test. */
function demo(port: number): string[] {
  return ['run', '-c', 'config/demo.yaml', ...settings(`http.port=${port}`, `checkpoint.dir=${temporaryFolder()}`)];
}

describe('a running millrace', { timeout: 60_000 }, () => {
  it('answers /metrics, /livez and /readyz', async () => {
    const { child, finished, stderr } = startMillrace(...demo(0));
    const url = await metricsUrl(stderr);
    await expect.poll(() => learnedBy(url), { timeout: 20_000, interval: 50 }).toBeGreaterThan(500);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(/^# TYPE millrace_samples_total counter$/m);
    expect(text).toMatch(/^millrace_phase\{[^}]*phase="live"[^}]*\} 1$/m);
    for (const series of ['millrace_loss_sum', 'millrace_prequential_accuracy_ratio', 'millrace_build_info']) {
      expect(text).toMatch(new RegExp(`^${series}\\b`, 'm'));
    }
    const before = await learnedBy(url);
    await expect.poll(() => learnedBy(url), { timeout: 10_000, interval: 50 }).toBeGreaterThan(before);
    for (const path of ['livez', 'readyz']) expect((await fetch(new URL(path, url))).status, path).toBe(200);
    expect((await fetch(new URL('nothing-here', url))).status).toBe(404);
    child.kill('SIGTERM');
    expect((await finished).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('names a port that is taken, and learns nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, text } = failureOf(await runMillrace(...demo(port)));
    server.close();
    expect(code).toBe(1);
    expect(text).toContain(
      `HTTP port 127.0.0.1:${port} is taken by another process; set \`http.port\` to another port`,
    );
    expect(text).not.toContain('records in');
  });
});
