// TLS and SASL of the configuration with the files that it names read.

import { readFileSync } from 'node:fs';
import type { KafkaSaslConfig, KafkaTlsConfig } from '../../config/kafka-security-schema.ts';
import { MillraceError, messageOf } from '../../errors.ts';
import { createTokenProvider } from '../../kafka/oauth-token.ts';
import type { KafkaSasl, KafkaTls } from '../../kafka/security.ts';

/** Throws config-secret-unreadable naming the key and the file. */
export function readTls({ ca, cert, key, passphrase }: KafkaTlsConfig): KafkaTls {
  return {
    ...(ca ? { ca: readPem('ca', ca) } : {}),
    ...(cert ? { cert: readPem('cert', cert) } : {}),
    ...(key ? { key: readPem('key', key) } : {}),
    ...(passphrase ? { passphrase } : {}),
  };
}

function readPem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MillraceError('config-secret-unreadable', `tls.${name}: cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The credentials; tokens are asked for when they are needed. */
export function saslOf(sasl: KafkaSaslConfig): KafkaSasl {
  if (sasl.mechanism !== 'oauthbearer') return sasl;
  return { mechanism: 'oauthbearer', token: createTokenProvider(sasl) };
}
