// What every suite reports: to whoever looks on, to the file that CI counts from, and of the tests that passed at their second
// try what they had failed with at the first, which would else be hidden.

import type { InlineConfig, Reporter } from 'vitest/node';

type Reporters = NonNullable<InlineConfig['reporters']>;

/** The reporters of a suite; `look` is vitest's own for whoever looks on. */
export function suiteReporters(look: 'default' | 'verbose'): Reporters {
  const outputFile = process.env.MILLRACE_TEST_REPORT;
  const shown: Reporters = [look, createRetryReporter(console.log)];
  return outputFile ? [...shown, ['json', { outputFile }]] : shown;
}

/** Writes a line or more for each test that passed after it had failed. */
function createRetryReporter(write: (line: string) => void): Reporter {
  return {
    onTestRunEnd(modules) {
      for (const test of modules.flatMap((module) => [...module.children.allTests('passed')]))
        for (const { message, stack = '' } of test.result().errors ?? [])
          write(`passed at its second try: ${test.module.moduleId} > ${test.fullName}, after\n${stack || message}`);
    },
  };
}
