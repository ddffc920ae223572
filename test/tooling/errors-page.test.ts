// docs/errors.md is the catalogue, word for word: a code that is added or reworded shows up there.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorsPage, errorsPagePath } from './errors-page.ts';

it('docs/errors.md is what `npm run docs` writes', () => {
  expect(readFileSync(errorsPagePath, 'utf8')).toBe(errorsPage());
});
