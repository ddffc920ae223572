// config/schema.json and docs/configuration.md are the configuration's schema: a key that is added shows up there.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configPages } from './config-pages.ts';

const pages = configPages();

it.each(pages)('$path is what `npm run docs` writes', ({ path, text }) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('every key has a meaning', () => {
  const rows = pages[1].text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});
