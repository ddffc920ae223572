// The live page of a running millrace, in a real browser: that its figures are those of /metrics, that it fits, that it
// follows the system's colours, and what it says when the run is gone. All tests look at one run; the last one kills it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Browser, findBrowser, openBrowser } from '../support/browser.ts';
import { type MillraceProcess, startMillrace } from '../support/millrace-process.ts';
import { checkpointsIn, learnedBy, metricsUrl, settings } from './support.ts';

const browserPath = findBrowser();
const token = 'token-for-the-page-test';
const checkpoints = mkdtempSync(join(tmpdir(), 'millrace-page-'));
afterAll(() => rmSync(checkpoints, { recursive: true, force: true }));

function startDemo(port: number): MillraceProcess {
  const own = settings(`http.port=${port}`, `http.adminToken=${token}`, `checkpoint.dir=${checkpoints}`);
  return startMillrace('run', '-c', 'config/demo.yaml', ...own, ...settings('checkpoint.everyMs=500'));
}

/** Whether all of a table is in sight, with the longest that its first row may hold. */
const isWhole = (page: Page, table: string, longest: readonly string[]) =>
  page.evaluate(`(() => {
    const table = document.getElementById('${table}');
    const longest = ${JSON.stringify(longest)};
    [...table.tBodies[0].rows[0].cells].forEach((cell, column) => { cell.textContent = longest[column]; });
    return table.scrollWidth <= table.parentElement.clientWidth;
  })()`);

const numberIn = async (page: Page, id: string) => Number((await page.textContent(`#${id}`))?.replaceAll(',', ''));
const samplesIn = async (page: Page) => Number(await page.getAttribute('body', 'data-samples'));
const connectionIn = (page: Page) => () => page.textContent('#connection');

describe.skipIf(browserPath === null)('the live page', { timeout: 60_000 }, () => {
  let browser: Browser;
  let demo: MillraceProcess;
  let metrics = '';
  beforeAll(async () => {
    demo = startDemo(0);
    [browser, metrics] = await Promise.all([openBrowser(browserPath ?? '', {}), metricsUrl(demo.stderr)]);
  }, 60_000);
  afterAll(() => browser?.close());

  /** Opens the page and notes what goes wrong in it and what it loads. */
  async function look(url: string, width: number, colorScheme: 'light' | 'dark') {
    const page = await browser.context.newPage();
    onTestFinished(() => page.close());
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const problems: string[] = [];
    const loaded: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('pageerror', (error) => void problems.push(error.message));
    page.on('request', (request) => void loaded.push(request.url()));
    await page.goto(new URL('/', url).href);
    return { page, problems, loaded };
  }

  it('shows what /metrics says, loads nothing from elsewhere, and breaks no rule of its own', async () => {
    const { page, problems, loaded } = await look(metrics, 1280, 'light');
    await expect.poll(() => learnedBy(metrics), { timeout: 20_000 }).toBeGreaterThan(1500);
    // Paused, so that both show the same moment.
    const headers = { authorization: `Bearer ${token}` };
    await fetch(new URL('/admin/pause', metrics), { method: 'POST', headers });
    await expect.poll(() => page.textContent('#phase'), { timeout: 10_000 }).toBe('paused');
    await page.waitForTimeout(1500);
    const text = await (await fetch(metrics)).text();
    const figureOf = (series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')[1],
      );
    expect(await numberIn(page, 'samples')).toBe(figureOf('millrace_samples_total{outcome="learned"}'));
    expect(await numberIn(page, 'version')).toBe(figureOf('millrace_model_version'));
    const loss = figureOf('millrace_prequential_loss{model="network",window="sliding"}');
    expect(Math.abs((await numberIn(page, 'loss')) - loss)).toBeLessThan(1e-3);
    const accuracy = figureOf('millrace_prequential_accuracy_ratio{model="network",window="sliding"}');
    expect(await page.textContent('#quality')).toBe(`${(100 * accuracy).toFixed(1)} %`);
    expect(await page.locator('#predictions tbody tr').count()).toBe(20);
    expect(await page.locator('#layers tbody tr').count()).toBe(2);
    expect(await page.locator('canvas').count()).toBe(3);
    expect(loaded.filter((each) => !each.startsWith(new URL('/', metrics).href))).toEqual([]);
    expect(problems).toEqual([]);
    await fetch(new URL('/admin/resume', metrics), { method: 'POST', headers });
  });

  it('fits a phone, and is dark where the system is', async () => {
    const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const { page } = await look(metrics, 360, 'dark');
    await expect.poll(() => page.locator('#predictions tbody tr').count(), { timeout: 20_000 }).toBe(20);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    const prediction = ['12/123456789012', 'fraudulent-transfer', '0.0001234', 'legitimate-transfer', '0.0001234'];
    expect(await isWhole(page, 'predictions', prediction)).toBe(true);
    expect(await isWhole(page, 'layers', ['hidden 12', '1,024 → 1,024', 'sigmoid', '1,049,600', '1,234'])).toBe(true);
    const dark = await background(page);
    await page.emulateMedia({ colorScheme: 'light' });
    expect([dark, await background(page)]).toEqual(['rgb(18, 22, 27)', 'rgb(246, 247, 249)']);
  });

  it('says so where too many watch, and comes in when one goes', async () => {
    const leaving = new AbortController();
    const watch = () => fetch(new URL('/events', metrics), { signal: leaving.signal });
    await expect
      .poll(async () => (await Promise.all(Array.from({ length: 50 }, watch))).some(({ ok }) => ok))
      .toBe(true);
    const { page } = await look(metrics, 800, 'light');
    await expect.poll(connectionIn(page), { timeout: 10_000 }).toBe('50 pages are watching already: trying again …');
    leaving.abort();
    await expect.poll(connectionIn(page), { timeout: 10_000 }).toBe('connected');
  });

  it('shows of a scorer the model, and nothing of a stream', async () => {
    await expect.poll(() => checkpointsIn(checkpoints).length, { timeout: 10_000 }).toBeGreaterThan(0);
    const own = settings('http.port=0', `checkpoint.dir=${checkpoints}`);
    const scorer = startMillrace('run', '-c', 'config/demo.yaml', '--role', 'scorer', ...own);
    const { page } = await look(await metricsUrl(scorer.stderr), 1280, 'light');
    await expect.poll(() => page.textContent('#phase'), { timeout: 10_000 }).toBe('serving');
    const tiles = ['Loss', 'Accuracy', 'Model version', 'Checkpoint'];
    const headings = await page.locator('main h2:visible').allTextContents();
    expect(headings).toEqual([...tiles, 'Loss', 'Accuracy', 'Network', 'Strongest inputs']);
    expect(await numberIn(page, 'version')).toBeGreaterThan(0);
    expect(await page.textContent('#checkpoint-note')).toBe('old; the one that is served');
    scorer.child.kill('SIGTERM');
    await scorer.finished;
  });

  it('says when the run is gone, and goes on by itself when it is back', async () => {
    const { page } = await look(metrics, 800, 'light');
    await expect.poll(() => samplesIn(page), { timeout: 20_000 }).toBeGreaterThan(0);
    demo.child.kill('SIGKILL');
    await demo.finished;
    await expect.poll(connectionIn(page), { timeout: 10_000 }).toMatch(/^connection lost/);
    const second = startDemo(Number(new URL(metrics).port));
    await expect.poll(connectionIn(page), { timeout: 40_000 }).toBe('connected');
    await expect.poll(() => samplesIn(page), { timeout: 20_000 }).toBeGreaterThan(0);
    second.child.kill('SIGTERM');
    await second.finished;
  });
});
