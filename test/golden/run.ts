// `npm run --silent golden -- DIR`: runs a folder of golden cases through the real learner, names what it skips and what
// fails, and ends with one line of counts. Exit code 1 on failures, 2 on bad usage.

import { MillraceError } from '../../src/errors.ts';
import { listCases, readCase } from './golden-case.ts';
import { Unsupported } from './golden-spec.ts';
import { runCase } from './run-case.ts';

function run(folder: string): number {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let worst = 0;
  for (const path of listCases(folder)) {
    const golden = readCase(path);
    const name = `${golden.name} (${golden.dtype})`;
    try {
      const comparison = runCase(golden);
      if (!(comparison.worst <= worst)) worst = comparison.worst;
      const failed = comparison.failures.length > 0;
      counts[failed ? 'failed' : 'passed'] += 1;
      console.log(`${failed ? 'FAIL' : 'ok  '} ${name}: largest error ${comparison.worst.toExponential(1)}`);
      for (const failure of comparison.failures) console.log(`     ${failure}`);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      counts.skipped += 1;
      console.log(`skip ${name}: not supported: ${error.message}`);
    }
  }
  console.log(
    `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped; largest relative error ${worst.toExponential(1)}`,
  );
  return counts.failed === 0 ? 0 : 1;
}

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  console.error('usage: npm run --silent golden -- DIR');
  process.exitCode = 2;
} else {
  try {
    process.exitCode = run(folder);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = error.exitCode;
  }
}
