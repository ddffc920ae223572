// config/schema.json and docs/configuration.md, made from the configuration's schema; `npm run docs` writes them and a
// test compares them.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { configurationPage } from './configuration-page.ts';
import { projectRoot } from './source-files.ts';

/** The two files with what they should hold. */
export function configPages(): { readonly path: string; readonly text: string }[] {
  const schema = configJsonSchema();
  return [
    { path: resolve(projectRoot, 'config/schema.json'), text: `${JSON.stringify(schema, null, 2)}\n` },
    { path: resolve(projectRoot, 'docs/configuration.md'), text: configurationPage(schema) },
  ];
}

if (import.meta.main) for (const { path, text } of configPages()) writeFileSync(path, text);
