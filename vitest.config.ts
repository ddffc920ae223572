// How the tests run: processes of their own, two at a time, so that one that spawns millrace does not starve the rest.

import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { suiteReporters } from './test/support/reporters.ts';

/** Finds or starts a Kafka broker once for the whole run. */
const globalSetup = './test/support/global-setup.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: existsSync(new URL(globalSetup, import.meta.url)) ? [globalSetup] : [],
    pool: 'forks',
    maxWorkers: 2,
    // In CI a failed test is tried once more, and the report says so: machines there are shared and stall.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: suiteReporters('default'),
  },
});
