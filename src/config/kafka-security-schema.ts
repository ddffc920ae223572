// The part of the configuration that secures a connection to Kafka: TLS and SASL. Secrets come from the environment or
// from files, as `${VAR}` does, and are never printed.

import { z } from 'zod';

const file = z.string().min(1);

export const kafkaTls = z
  .preprocess(
    (value) => (value === true ? {} : value),
    z
      .strictObject({
        ca: file
          .optional()
          .describe("File with the certificates (PEM) that sign the brokers'; the system's by default."),
        cert: file.optional().describe('File with the certificate (PEM) that this client shows.'),
        key: file.optional().describe('File with its private key (PEM).'),
        passphrase: z.string().optional().describe('Passphrase of the key.'),
      })
      .refine(({ cert, key }) => !cert || key, { path: ['key'], message: 'missing; `cert` needs its private key' })
      .refine(({ cert, key }) => cert || !key, { path: ['cert'], message: 'missing; `key` needs its certificate' })
      .refine(({ key, passphrase }) => key || passphrase === undefined, {
        path: ['key'],
        message: 'missing; `passphrase` is that of a key',
      }),
  )
  .describe('TLS; `true` for the defaults. The host name is always checked.');

const mechanism = <const Name extends string>(name: Name) => z.literal(name).describe('As the brokers offer it.');

const password = {
  username: z.string().min(1).describe('User that the cluster knows.'),
  password: z.string().min(1).describe('Best from the environment or a file, as in docs/secured-kafka.md.'),
};

/** True for what is no URL, too, which is a mistake of its own. */
function holdsNoCredentials(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password: word } = new URL(text);
  return username === '' && word === '';
}

export const kafkaSasl = z
  .discriminatedUnion('mechanism', [
    z.strictObject({ mechanism: mechanism('plain'), ...password }),
    z.strictObject({ mechanism: mechanism('scram-sha-256'), ...password }),
    z.strictObject({ mechanism: mechanism('scram-sha-512'), ...password }),
    z.strictObject({
      mechanism: mechanism('oauthbearer'),
      tokenEndpoint: z
        .url({ protocol: /^https?$/, message: 'needs a URL that begins with https:// or http://' })
        .refine(holdsNoCredentials, 'must hold no user and password: set `clientId` and `clientSecret`')
        .describe('Where tokens are had with client credentials (RFC 6749, section 4.4).'),
      clientId: z.string().min(1).describe('Client that the token endpoint knows.'),
      clientSecret: z.string().min(1).describe('Its secret; best from the environment or a file.'),
      scope: z.string().min(1).optional().describe('Scope to ask for.'),
    }),
  ])
  .describe('How this client says who it is.');

export type KafkaTlsConfig = z.output<typeof kafkaTls>;
export type KafkaSaslConfig = z.output<typeof kafkaSasl>;
