// `npm run test:containers`: Millrace as it is deployed, in real containers. One file at a time, as each brings a broker.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { suiteReporters } from '../support/reporters.ts';

// biome-ignore lint/style/noDefaultExport: vitest takes a default export
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/containers/**/*.containers.ts'],
    globalSetup: ['test/containers/setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    retry: process.env.CI ? 1 : 0,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: suiteReporters('verbose'),
  },
});
