// TLS and SASL of a connection, and what kafkajs calls them.

import type { SASLOptions } from 'kafkajs';

/** PEM texts; the host name of a broker is always checked against its certificate. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

/** Who this client says it is. */
export type KafkaSasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** A token that is valid now. */
      readonly token: () => Promise<string>;
    };

/** As kafkajs has it. */
export function kafkajsSasl(sasl: KafkaSasl): SASLOptions {
  if (sasl.mechanism === 'oauthbearer') {
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await sasl.token() }) };
  }
  const { mechanism, ...credentials } = sasl;
  // One object for each mechanism: kafkajs' type is a union that a variable does not narrow to.
  if (mechanism === 'plain') return { mechanism, ...credentials };
  return mechanism === 'scram-sha-256' ? { mechanism, ...credentials } : { mechanism, ...credentials };
}
