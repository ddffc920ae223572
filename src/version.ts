// The package's version, from the one place that states it.

import { readFileSync } from 'node:fs';

// The same path from src and from dist, where the compiler would not take an import from outside of it.
const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** As in package.json. */
export const version: string = manifest.version;
