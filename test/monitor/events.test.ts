// What the live page is told: everything at once, then what is new, a few times a second, until either side goes away.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpServer } from '../../src/monitor/http-server.ts';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';
import { createSampleView } from './sample-view.ts';

async function startServer() {
  const view = createSampleView();
  const registry = createMetricsRegistry({ view, version: '1.2.3' });
  const server = createHttpServer({ view, registry, version: '1.2.3', port: 0 });
  onTestFinished(() => server.close());
  return { server, view, url: (await server.start()).url };
}

/** Listens; what has come so far, event by event, and whether it has ended. */
async function listen(url: string) {
  const stop = new AbortController();
  const reply = await fetch(`${url}/events`, { signal: stop.signal });
  const heard: { event: string; data: unknown }[] = [];
  const state = { ended: false };
  const read = async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const part of reply.body ?? []) {
      const blocks = (rest + decoder.decode(part, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (event) heard.push({ event, data: JSON.parse(data) });
      }
    }
  };
  const done = read()
    .catch(() => undefined)
    .then(() => {
      state.ended = true;
    });
  return { reply, heard, state, done, stop: () => stop.abort() };
}

describe('/events', () => {
  it('tells all that there is at once, then at most 5 times a second', async () => {
    const { url } = await startServer();
    const { reply, heard, stop } = await listen(url);
    expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(2);
    expect(heard.slice(0, 2).map(({ event }) => event)).toEqual(['history', 'now']);
    expect(heard[1].data).toMatchObject({
      ...{ name: 'fraud', role: 'learner', phase: 'live', samples: 103, lag: 5, paused: false, quality: 'accuracy' },
      window: { size: 50, network: { loss: 0.25 }, baseline: { loss: 0.7 } },
      transactions: { committed: 2, failed: 1 },
      rejections: [{ reason: 'malformed', message: 'not JSON: <b>"x"</b>' }],
    });
    expect(heard[1].data).toMatchObject({ point: null });
    const before = heard.length;
    await sleep(1000);
    const fresh = heard.slice(before);
    expect(fresh.length).toBeGreaterThan(0);
    expect(fresh.length).toBeLessThanOrEqual(5);
    expect(fresh.at(-1)?.data).toMatchObject({ samples: 103, point: { loss: 0.25, baselineLoss: 0.7 } });
    stop();
  });

  it('gives whoever comes later the curves so far', async () => {
    const { url } = await startServer();
    await sleep(900);
    const { heard, stop } = await listen(url);
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    expect(Object(heard[0].data).length).toBeGreaterThan(1);
    stop();
  });

  it('reads the run no more often than needed while nobody watches', async () => {
    const { view } = await startServer();
    const before = view.reads.metrics;
    await sleep(1000);
    expect(view.reads.metrics - before).toBeLessThanOrEqual(5);
  });

  it('hangs up on a page that does not read, when another wants its place', async () => {
    const { url, view } = await startServer();
    const { recent } = view;
    // More than sockets hold for a page that reads nothing.
    const value = JSON.stringify({ prediction: 'x'.repeat(16 << 20) });
    view.recent = { ...recent, predictions: () => [{ partition: 0, offset: 1, value }] };
    const sleeper = connect(Number(new URL(url).port), '127.0.0.1').pause();
    const hungUp = once(sleeper, 'close');
    sleeper.on('error', () => undefined);
    sleeper.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    await sleep(300);
    view.recent = recent;
    const pages = await Promise.all(Array.from({ length: 49 }, () => listen(url)));
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const last = await listen(url);
    expect(last.reply.status).toBe(200);
    sleeper.resume();
    await hungUp;
    expect((await fetch(`${url}/events`)).status).toBe(503);
    expect([...pages, last].some(({ state }) => state.ended)).toBe(false);
    for (const { stop } of [...pages, last]) stop();
  });

  it('ends with the server, at once, and refuses the 51st page', async () => {
    const { server, url } = await startServer();
    const pages = await Promise.all(Array.from({ length: 50 }, () => listen(url)));
    const refused = await fetch(`${url}/events`);
    expect([refused.status, await refused.json()]).toEqual([503, { error: '50 pages are watching already' }]);
    pages[0].stop();
    await expect.poll(async () => (await listen(url)).reply.status).toBe(200);
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await Promise.all(pages.slice(1).map(({ done }) => done));
    expect(pages.every(({ state }) => state.ended)).toBe(true);
  });
});
