import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpServer } from '../../src/monitor/http-server.ts';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';
import { createSampleView } from './sample-view.ts';

function createServer(options: { host?: string; port: number }) {
  const view = createSampleView();
  const registry = createMetricsRegistry({ view, version: '1.2.3' });
  const server = createHttpServer({ ...options, view, registry, version: '1.2.3', ready: () => true });
  onTestFinished(() => server.close());
  return server;
}

describe('HTTP server', () => {
  it('listens on loopback, says where, and answers', async () => {
    const { url } = await createServer({ port: 0 }).start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    const reply = await fetch(`${url}/metrics`);
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain('millrace_model_version 1234');
  });

  it('names the port that is taken and what to do', async () => {
    const { url } = await createServer({ port: 0 }).start();
    const port = Number(new URL(url).port);
    await expect(createServer({ port }).start()).rejects.toMatchObject({
      code: 'http-port-in-use',
      message: `HTTP port 127.0.0.1:${port} is taken by another process; set \`http.port\` to another port, to 0 for any free one, or \`http: false\``,
    });
  });

  it('names an address that it cannot listen on', async () => {
    await expect(createServer({ host: '192.0.2.1', port: 0 }).start()).rejects.toMatchObject({
      code: 'http-failed',
      message: expect.stringMatching(/^cannot serve HTTP on 192\.0\.2\.1:0: .*EADDRNOTAVAIL.*check `http.host`/),
    });
  });

  it('closes at once, whatever connections clients keep open, and twice', async () => {
    const server = createServer({ port: 0 });
    const { url } = await server.start();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const [reply]: IncomingMessage[] = await once(get(`${url}/livez`, { agent }), 'response');
    reply.resume();
    await once(reply, 'end');
    const dawdler = connect(Number(new URL(url).port), '127.0.0.1');
    dawdler.on('error', () => undefined);
    await once(dawdler, 'connect');
    dawdler.write('GET /livez HTTP/1.1\r\nHost: half a requ');

    const startedAt = performance.now();
    await server.close();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});
