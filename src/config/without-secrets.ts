// A configuration as it may be shown: whoever reads a log or a terminal is not to learn its secrets.

import type { Config } from './schema.ts';

/** Keys whose values are secrets, wherever they stand. */
export const secretKeys: ReadonlySet<string> = new Set(['adminToken', 'password', 'passphrase', 'clientSecret']);

/** The same configuration, as plain values, with `(secret)` where one stands. */
export function withoutSecrets(config: Config): unknown {
  return JSON.parse(JSON.stringify(config, shown));
}

function shown(key: string, value: unknown): unknown {
  if (secretKeys.has(key)) return '(secret)';
  if (key !== 'tokenEndpoint' || typeof value !== 'string') return value;
  const { origin, pathname, search } = new URL(value);
  return `${origin}${pathname}${search ? '?(secret)' : ''}`;
}
