// A real browser for tests that look at pages: a Chromium that is there already, else the tests are skipped, loudly.

import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Nothing but the page is fetched, and nothing is asked of the machine. */
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** The browser's path: `CHROMIUM`, else the first of the usual names on the PATH; null where there is none. */
export function findBrowser(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    process.env.CHROMIUM ?? '',
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
  const found = candidates.find((path) => path !== '' && isExecutable(path)) ?? null;
  if (found === null)
    console.warn('\nNO BROWSER: the live page is not looked at. Install Chromium, or set CHROMIUM to its path.\n');
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Browser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Opens a browser with a profile of its own, which goes with it. */
export async function openBrowser(executablePath: string, options: BrowserContextOptions): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'millrace-browser-'));
  const context = await chromium.launchPersistentContext(profile, { ...options, executablePath, args });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
