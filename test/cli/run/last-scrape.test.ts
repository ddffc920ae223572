import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { awaitLastScrape } from '../../../src/cli/run/last-scrape.ts';
import { MillraceError } from '../../../src/errors.ts';
import { createHttpServer } from '../../../src/monitor/http-server.ts';
import { createMetricsRegistry } from '../../../src/monitor/registry.ts';
import { createSampleView, sampleStatus } from '../../monitor/sample-view.ts';

const limitMs = 5000;

/** A run that fails now, as its server tells; whether anybody has scraped it before. */
async function failingRun({ isScraped }: { isScraped: boolean }) {
  const view = createSampleView();
  const registry = createMetricsRegistry({ view, version: '1.2.3' });
  const server = createHttpServer({ view, registry, version: '1.2.3', port: 0 });
  onTestFinished(() => server.close());
  const { url } = await server.start();
  const get = async (path: string) => (await fetch(`${url}${path}`)).text();
  await get('/livez');
  if (isScraped) await get('/metrics');
  view.now = { ...sampleStatus, phase: 'failed', failure: 'fenced' };
  const shutdown = new AbortController();
  const startedAt = performance.now();
  const waited = (withinMs = limitMs) =>
    awaitLastScrape(server, withinMs, new MillraceError('fenced', 'shut out'), shutdown.signal).then(
      () => performance.now() - startedAt,
    );
  return { get, waited, shutdown };
}

it('waits for the scrape that tells of the failure, and for nothing else', async () => {
  const { get, waited } = await failingRun({ isScraped: true });
  const ended = waited();
  await get('/livez');
  await get('/');
  await sleep(100);
  expect(await get('/metrics')).toContain('\nmillrace_failure_info{code="fenced"} 1\n');
  const ms = await ended;
  expect(ms).toBeGreaterThan(90);
  expect(ms).toBeLessThan(limitMs - 1000);
});

it('waits no longer than it may', async () => {
  const { waited } = await failingRun({ isScraped: true });
  const ms = await waited(150);
  expect(ms).toBeGreaterThan(140);
  expect(ms).toBeLessThan(limitMs - 1000);
});

it('does not wait where nobody scrapes, nor where it is told not to', async () => {
  expect(await (await failingRun({ isScraped: false })).waited()).toBeLessThan(1000);
  expect(await (await failingRun({ isScraped: true })).waited(0)).toBeLessThan(1000);
});

it('leaves at once when told to end, before or meanwhile', async () => {
  const { waited, shutdown } = await failingRun({ isScraped: true });
  const ended = waited();
  shutdown.abort();
  expect(await ended).toBeLessThan(1000);
  expect(await waited()).toBeLessThan(1000);
});
