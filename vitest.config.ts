// How the tests run: processes of their own, three at a time: most wait for brokers and for what they have started.

import { defineConfig } from 'vitest/config';
import { suiteReporters } from './test/support/reporters.ts';

/** Finds or starts a Kafka broker once for the whole run, when the first file asks for it. */
const globalSetup = './test/support/global-setup.ts';

/** Folders whose tests leave nothing behind in their process: many files share one, and what they import is loaded once. */
const light = 'test/{checkpoint,config,golden,learner,monitor,pipeline,sample,synthetic,tooling}/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 3,
    // In CI a failed test is tried once more, and the report says so: machines there are shared and stall.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: suiteReporters('default'),
    projects: [
      { extends: true, test: { name: 'light', include: [light], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [light], globalSetup } },
    ],
  },
});
