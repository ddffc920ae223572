// `millrace lint`: the configuration as it will be used, or every mistake in it.

import { stringify } from 'yaml';
import { loadConfig } from '../../config/load.ts';
import { withoutSecrets } from '../../config/without-secrets.ts';
import type { CommonOptions } from '../common-options.ts';
import { printResult } from '../console.ts';

/** Prints the resolved configuration as YAML, or as one JSON line. */
export function lint({ config: file, set, json }: CommonOptions): void {
  const config = loadConfig({ file, set, environment: process.env });
  const shown = withoutSecrets(config);
  printResult(json ? shown : stringify(shown).trimEnd());
}
