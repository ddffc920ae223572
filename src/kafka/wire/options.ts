// The connection of the configuration in the words of the protocol library.

import type { ConnectionOptions, SASLOptions } from '@platformatic/kafka';
import type { KafkaConnection } from '../client.ts';
import type { KafkaSasl } from '../security.ts';

/** How long an answer may take before the connection is given up and opened anew. */
const requestTimeoutMs = 15_000;

/** Options of one TCP connection. */
export function wireOptions({ connectTimeoutMs = 1000, tls, sasl }: KafkaConnection): ConnectionOptions {
  return {
    connectTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    ...(tls ? { tls } : {}),
    ...(sasl ? { sasl: wireSasl(sasl) } : {}),
  };
}

const wireMechanisms = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

function wireSasl(sasl: KafkaSasl): SASLOptions {
  if (sasl.mechanism === 'oauthbearer') return { mechanism: 'OAUTHBEARER', token: sasl.token };
  const { mechanism, username, password } = sasl;
  return { mechanism: wireMechanisms[mechanism], username, password };
}
