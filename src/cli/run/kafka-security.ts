// TLS and SASL of the configuration with the files that it names read.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { KafkaSaslConfig, KafkaTlsConfig } from '../../config/kafka-security-schema.ts';
import { MillraceError, messageOf } from '../../errors.ts';
import { createTokenProvider } from '../../kafka/oauth-token.ts';
import type { KafkaSasl, KafkaTls } from '../../kafka/security.ts';

/** Throws config-secret-unreadable naming the key, the file and what to do. */
export function readTls({ ca, cert, key, passphrase }: KafkaTlsConfig): KafkaTls {
  const files: KafkaTls = {
    ...(ca ? { ca: readPem('ca', ca, readCertificate) } : {}),
    ...(cert ? { cert: readPem('cert', cert, readCertificate) } : {}),
    ...(key
      ? { key: readPem('key', key, (text) => createPrivateKey({ key: text, passphrase: passphrase ?? '' })) }
      : {}),
    ...(passphrase ? { passphrase } : {}),
  };
  try {
    createSecureContext(files);
  } catch (error) {
    throw unusable(`tls.cert and tls.key: ${cert} and ${key} do not belong together`, error);
  }
  return files;
}

const readCertificate = (text: string) => new X509Certificate(text);

/** The text of a file that `read` can make something of. */
function readPem(name: 'ca' | 'cert' | 'key', path: string, read: (text: string) => unknown): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    // Not a word of it: it may be a private key.
    if (path.includes('-----BEGIN')) {
      const text = `tls.${name} must be the path of a PEM file, not what is in it`;
      throw new MillraceError('config-secret-unreadable', text);
    }
    throw unusable(`tls.${name}: cannot read ${path}`, error);
  }
  try {
    read(text);
  } catch (error) {
    if (name === 'key' && text.includes('ENCRYPTED'))
      throw unusable(`tls.key: tls.passphrase does not open ${path}: set that of this key`, error);
    const wanted = name === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE';
    throw unusable(`tls.${name}: ${path} is not PEM with a ${wanted}: make it so with openssl`, error);
  }
  return text;
}

function unusable(what: string, error: unknown): MillraceError {
  return new MillraceError('config-secret-unreadable', `${what} (${messageOf(error)})`, { cause: error });
}

/** The credentials; tokens are asked for when they are needed. */
export function saslOf(sasl: KafkaSaslConfig): KafkaSasl {
  if (sasl.mechanism !== 'oauthbearer') return sasl;
  return { mechanism: 'oauthbearer', token: createTokenProvider(sasl) };
}
