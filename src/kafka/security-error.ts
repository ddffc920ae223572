// Tells a refusal from a broker that is not there: wrong password, wrong certificate, wrong host name.

import { MillraceError, messageOf } from '../errors.ts';

const authentication = /SASL|authentication failed|Invalid credentials|mechanism/i;
const tls =
  /certificate|self-signed|unable to verify|Hostname\/IP does not match|\balert\b|wrong version number|handshake|\bSSL\b|\bTLS\b/i;

/** The refusal behind an error; null where it is none. */
export function securityError(error: unknown, brokers: readonly string[]): MillraceError | null {
  const text = causes(error).join(': ');
  const place = `Kafka at ${brokers.join(', ')}`;
  if (error instanceof MillraceError) return error;
  if (tls.test(text))
    return new MillraceError('kafka-tls', `${place} cannot be reached by TLS: ${text}`, { cause: error });
  if (authentication.test(text))
    return new MillraceError('kafka-authentication', `${place} does not let this client in: ${text}`, { cause: error });
  return null;
}

/** The messages of an error and of what caused it, each once. */
function causes(error: unknown): string[] {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error && messages.length < 5; cause = cause.cause) {
    const message = messageOf(cause);
    if (!messages.includes(message)) messages.push(message);
  }
  return messages;
}
