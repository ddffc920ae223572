// The live page of a running millrace, in a real browser: that its figures are those of /metrics, that it fits, that it
// follows the system's colours, and what it says when the run is gone.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { startMillrace } from '../support/millrace-process.ts';
import { learnedBy, metricsUrl, settings, temporaryFolder } from './support.ts';

const browserPath = findBrowser();
const token = 'token-for-the-page-test';

function startDemo(port: number, ...more: string[]) {
  const folder = temporaryFolder();
  const set = settings(`http.port=${port}`, `http.adminToken=${token}`, `checkpoint.dir=${folder}`, ...more);
  return startMillrace('run', '-c', 'config/demo.yaml', ...set);
}

/** Opens the page and notes what goes wrong in it and what it loads. */
async function look(url: string, options: BrowserContextOptions) {
  const browser = await openBrowser(browserPath ?? '', options);
  onTestFinished(browser.close);
  const page = await browser.context.newPage();
  const problems: string[] = [];
  const loaded: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => void problems.push(error.message));
  page.on('request', (request) => void loaded.push(request.url()));
  await page.goto(url);
  await expect.poll(() => samplesIn(page), { timeout: 20_000 }).toBeGreaterThan(0);
  return { page, problems, loaded };
}

const numberIn = async (page: Page, id: string) => Number((await page.textContent(`#${id}`))?.replaceAll(',', ''));

const samplesIn = async (page: Page) => Number(await page.getAttribute('body', 'data-samples'));

describe.skipIf(browserPath === null)('the live page', { timeout: 120_000 }, () => {
  it('shows what /metrics says, loads nothing from elsewhere, and breaks no rule of its own', async () => {
    const { child, stderr, finished } = startDemo(0);
    const metrics = await metricsUrl(stderr);
    const { page, problems, loaded } = await look(new URL('/', metrics).href, {
      viewport: { width: 1280, height: 900 },
      colorScheme: 'light',
    });
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
    child.kill('SIGTERM');
    await finished;
  });

  it('fits a phone, and is dark where the system is', async () => {
    const { child, stderr, finished } = startDemo(0);
    const url = new URL('/', await metricsUrl(stderr)).href;
    const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const { page } = await look(url, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    const dark = await background(page);
    await page.emulateMedia({ colorScheme: 'light' });
    expect([dark, await background(page)]).toEqual(['rgb(18, 22, 27)', 'rgb(246, 247, 249)']);
    child.kill('SIGTERM');
    await finished;
  });

  it('says when the run is gone, and goes on by itself when it is back', async () => {
    const first = startDemo(0);
    const url = new URL('/', await metricsUrl(first.stderr));
    const { page } = await look(url.href, { viewport: { width: 800, height: 600 } });
    first.child.kill('SIGKILL');
    await first.finished;
    await expect.poll(() => page.textContent('#connection'), { timeout: 10_000 }).toMatch(/^connection lost/);
    const second = startDemo(Number(url.port));
    await expect.poll(() => page.textContent('#connection'), { timeout: 40_000 }).toBe('connected');
    await expect.poll(() => samplesIn(page), { timeout: 20_000 }).toBeGreaterThan(0);
    second.child.kill('SIGTERM');
    await second.finished;
  });
});
