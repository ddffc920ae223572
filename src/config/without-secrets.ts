// A configuration as it may be shown: whoever reads a log or a terminal is not to learn its secrets.

import type { Config } from './schema.ts';

/** The same configuration with `(secret)` where one stands. */
export function withoutSecrets(config: Config): Config {
  const { http } = config;
  return http && http.adminToken !== undefined ? { ...config, http: { ...http, adminToken: '(secret)' } } : config;
}
