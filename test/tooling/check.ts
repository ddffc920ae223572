// `npm run check`: format and lint, import directions, dead code, types, licences. Runs all of them whatever one says,
// so that one run shows everything there is to mend.

import { spawnSync } from 'node:child_process';

const steps = ['check:style', 'check:directions', 'check:dead-code', 'check:types', 'check:licences'];

const failed = steps.filter((step) => {
  process.stdout.write(`\n── ${step}\n`);
  const { status } = spawnSync('npm', ['run', '--silent', step], { stdio: ['ignore', 'inherit', 'inherit'] });
  return status !== 0;
});

process.stdout.write(failed.length === 0 ? '\ncheck: all good\n' : `\ncheck: failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
