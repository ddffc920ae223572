// `npm run test:package`: packs Millrace, installs it where nothing is, and uses it as those who install it do. Apart from
// `npm test`, as it installs from a registry and takes its time.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { suiteReporters } from '../support/reporters.ts';

// biome-ignore lint/style/noDefaultExport: vitest takes a default export
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/supply/**/*.package.ts'],
    globalSetup: ['test/supply/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    retry: process.env.CI ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: suiteReporters('default'),
  },
});
