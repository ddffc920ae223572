// docs/errors.md, made from the two catalogues in the sources; `npm run docs` writes it and a test compares it.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCatalogue } from '../../src/errors.ts';
import { rejectionReasons } from '../../src/sample/rejection.ts';

/** Where the page lies. */
export const errorsPagePath = resolve(import.meta.dirname, '../../docs/errors.md');

/** The page as it should be. */
export function errorsPage(): string {
  const errors = Object.entries(errorCatalogue).map(
    ([code, entry]) =>
      `### \`${code}\`\n\n${entry.summary}\n\n**What to do:** ${entry.remedy} **Exit code:** ${entry.exitCode}.\n`,
  );
  const reasons = Object.entries(rejectionReasons).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return [
    '<!-- Made by `npm run docs` from src/errors.ts and src/sample/rejection.ts: edit those. -->',
    '# Errors and dead letters\n',
    'An error ends the process: stderr says what went wrong and where, then what to do about it and the code in brackets;',
    'the exit code is 2 for bad usage or configuration, else 1. Bad data never ends it: it goes to the dead letters.\n',
    '## Errors\n',
    ...errors,
    '## Dead letters\n',
    'A record that is not learnt from keeps its bytes, key and headers; the header `millrace-error-code` has one of these',
    'codes, `millrace-error-message` says what was wrong with which field, and `millrace-error-topic`,',
    '`millrace-error-partition` and `millrace-error-offset` say where the record was.\n',
    '| code | meaning |',
    '|---|---|',
    ...reasons,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(errorsPagePath, errorsPage());
