// The connection of the configuration in the words of the protocol library.

import type { ConnectionOptions } from '@platformatic/kafka';
import type { KafkaConnection } from '../client.ts';
import { wireSasl } from '../security.ts';

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
