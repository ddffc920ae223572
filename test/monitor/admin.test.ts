import { describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/monitor/http-app.ts';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';
import { createSampleView, sampleStatus } from './sample-view.ts';

const token = 'correct-horse-battery';

function setUp({
  hasToken = true,
  checkpoint = async (): Promise<string | null> => 'folder/fraud-1.safetensors',
} = {}) {
  const view = createSampleView();
  const done: string[] = [];
  const controls = { pause: () => void done.push('pause'), resume: () => void done.push('resume'), checkpoint };
  const app = createHttpApp({
    ...{ view, version: '1.2.3', registry: createMetricsRegistry({ view, version: '1.2.3' }) },
    admin: hasToken ? { token, controls } : null,
  });
  const post = (path: string, authorization = `Bearer ${token}`) =>
    app.inject({ method: 'POST', url: `/admin/${path}`, headers: { authorization } });
  return { app, view, done, post };
}

describe('the controls', () => {
  it('pause, resume, and save a checkpoint', async () => {
    const { post, done } = setUp();
    expect((await post('pause')).json()).toEqual({ paused: true });
    expect((await post('resume')).json()).toEqual({ paused: false });
    expect((await post('checkpoint')).json()).toEqual({ checkpoint: 'folder/fraud-1.safetensors' });
    expect(done).toEqual(['pause', 'resume']);
  });

  it.each(['bearer', 'BEARER', 'Bearer '])('take the scheme %j as it is written', async (scheme) => {
    const { post, done } = setUp();
    expect((await post('pause', `${scheme} ${token}`)).json()).toEqual({ paused: true });
    expect(done).toEqual(['pause']);
  });

  it.each([
    ['application/json', ''],
    ['application/json', '{"reason":'],
    ['text/plain', 'now'],
    ['application/x-www-form-urlencoded', 'a=1'],
    ['application/json', 'x'.repeat(100_000)],
  ])('go by the path alone, with a body of %s, too', async (type, body) => {
    const { app, done } = setUp();
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const reply = await app.inject({ method: 'POST', url: '/admin/resume', headers, body });
    expect([reply.statusCode, reply.json()]).toEqual([200, { paused: false }]);
    expect(done).toEqual(['resume']);
  });

  it.each(['', token, `Basic ${token}`, `Bearer ${token}x`, 'Bearer wrong', `bearer ${token.toUpperCase()}`])(
    'do nothing for the header %j, and do not say what was wanted',
    async (authorization) => {
      const { post, done } = setUp();
      for (const path of ['pause', 'resume', 'checkpoint']) {
        const reply = await post(path, authorization);
        expect(reply.statusCode).toBe(401);
        expect(reply.headers['www-authenticate']).toBe('Bearer');
        expect(Object.keys(reply.json())).toEqual(['error']);
        expect(reply.body).not.toContain(token);
      }
      expect(done).toEqual([]);
    },
  );

  it('are not there without a token in the configuration', async () => {
    const { post } = setUp({ hasToken: false });
    for (const path of ['pause', 'resume', 'checkpoint']) expect((await post(path)).statusCode).toBe(404);
  });

  it('are refused while the run is not live', async () => {
    const { post, view, done } = setUp();
    view.now = { ...sampleStatus, phase: 'standby' };
    const reply = await post('pause');
    expect([reply.statusCode, reply.json()]).toEqual([409, { error: 'the run is standby, not live' }]);
    expect(done).toEqual([]);
  });

  it('say why no checkpoint was saved', async () => {
    const none = await setUp({ checkpoint: async () => null }).post('checkpoint');
    expect([none.statusCode, none.json().error]).toEqual([409, 'this run keeps no checkpoints: `checkpoint` is off']);
    const failing = setUp({
      checkpoint: async () => {
        throw new Error('the disk is full');
      },
    });
    const failed = await failing.post('checkpoint');
    expect([failed.statusCode, failed.json().error]).toEqual([503, 'no checkpoint was saved: the disk is full']);
  });

  it('give no page of another origin a way in', async () => {
    const { app } = setUp();
    const preflight = await app.inject({
      ...{ method: 'OPTIONS', url: '/admin/pause' },
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(405);
    for (const url of ['/', '/metrics', '/v2', '/openapi.json']) {
      const reply = await app.inject({ url, headers: { origin: 'http://evil.example' } });
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(reply.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    }
  });
});
