// The last line of a CI run, from vitest's JSON reports. A report that is not there, or tells of no test, is a failure.

import { existsSync, readFileSync } from 'node:fs';

/** The part of vitest's JSON report that is counted. */
export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** Tests by outcome. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts tests; a file that failed before it could name a test counts as one failed. */
export function countTests(report: TestReport): TestCounts {
  const statuses = report.testResults.flatMap((file) =>
    file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
      ? ['failed', ...file.assertionResults.map((test) => test.status)]
      : file.assertionResults.map((test) => test.status),
  );
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return { passed, failed, skipped: statuses.length - passed - failed };
}

if (import.meta.main) {
  const reports = process.argv
    .slice(2)
    .map((path): TestReport => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { testResults: [] }));
  const { passed, failed, skipped } = countTests({ testResults: reports.flatMap(({ testResults }) => testResults) });
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = passed + failed > 0 ? 0 : 1;
}
