import { describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/monitor/http-app.ts';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';
import { createSampleView, sampleStatus } from './sample-view.ts';

function setUp() {
  const view = createSampleView();
  const health: { ready: boolean; trouble: string | null } = { ready: true, trouble: null };
  const registry = createMetricsRegistry({ view, version: '1.2.3' });
  const app = createHttpApp({
    view,
    registry,
    version: '1.2.3',
    ready: () => health.ready,
    alive: () => health.trouble,
  });
  return { app, view, health };
}

describe('HTTP app', () => {
  it('serves the metrics as Prometheus wants them', async () => {
    const reply = await setUp().app.inject('/metrics');
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(reply.body).toContain('\nmillrace_samples_total{outcome="learned"} 90\n');
  });

  it('is alive until told why not', async () => {
    const { app, view, health } = setUp();
    expect(await app.inject('/livez')).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    health.trouble = 'no progress for 60 s';
    const reply = await app.inject('/livez');
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toEqual({ status: 'failing', reason: 'no progress for 60 s' });
    health.trouble = null;
    view.now = { ...sampleStatus, phase: 'failed' };
    expect((await app.inject('/livez')).json()).toEqual({ status: 'failing', reason: 'the run has failed' });
  });

  it('is ready once live, and says where it is before', async () => {
    const { app, view, health } = setUp();
    health.ready = false;
    view.now = { ...sampleStatus, phase: 'replaying' };
    const reply = await app.inject('/readyz');
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toEqual({ status: 'not ready', phase: 'replaying' });
    health.ready = true;
    view.now = sampleStatus;
    expect(await app.inject('/readyz')).toMatchObject({ statusCode: 200, body: '{"status":"ready","phase":"live"}' });
  });

  it('goes by the phase of the run where nobody says what ready and alive mean', async () => {
    const view = createSampleView();
    const app = createHttpApp({ view, version: '1.2.3', registry: createMetricsRegistry({ view, version: '1.2.3' }) });
    for (const [phase, ready, readyOrStandby, alive] of [
      ['starting', 503, 503, 200],
      ['standby', 503, 200, 200],
      ['live', 200, 200, 200],
      ['stopping', 503, 503, 200],
      ['failed', 503, 503, 503],
    ] as const) {
      view.now = { ...sampleStatus, phase };
      expect((await app.inject('/readyz')).statusCode, phase).toBe(ready);
      expect((await app.inject('/readyz/standby')).statusCode, phase).toBe(readyOrStandby);
      expect((await app.inject('/livez')).statusCode, phase).toBe(alive);
    }
  });

  it.each([
    ['GET', '/nothing'],
    ['GET', '/../etc/passwd'],
    ['GET', '/page/..%2f..%2fhttp-app.ts'],
    ['GET', '/page/%2e%2e/http-app.ts'],
    ['POST', '/admin/pause'],
  ] as const)('answers %s %s with the paths there are', async (method, url) => {
    const reply = await setUp().app.inject({ method, url });
    expect(reply.statusCode).toBe(404);
    const { error, paths } = reply.json();
    expect(error).toBe('there is nothing here');
    expect(paths).toEqual(expect.arrayContaining(['/', '/metrics', '/livez', '/readyz', '/v2', '/openapi.json']));
  });

  it.each([
    ['POST', '/metrics', 'GET, HEAD'],
    ['DELETE', '/v2/models/fraud', 'GET, HEAD'],
    ['GET', '/v2/models/fraud/infer', 'POST'],
  ] as const)('answers %s %s with the methods there are', async (method, url, allow) => {
    const reply = await setUp().app.inject({ method, url });
    expect(reply.statusCode).toBe(405);
    expect(reply.headers.allow).toBe(allow);
    expect(reply.json()).toEqual({ error: `${method} is not answered here, only ${allow}` });
  });
});
