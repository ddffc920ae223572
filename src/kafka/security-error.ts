// Tells a refusal from a broker that is not there: wrong password, wrong certificate, wrong host name.

import { MillraceError, messageOf } from '../errors.ts';

const authentication = /SASL|authentication failed|Invalid credentials|mechanism/i;
const tls =
  /certificate|self-signed|unable to verify|Hostname\/IP does not match|\balert\b|wrong version number|handshake|\bSSL\b|\bTLS\b/i;

/** TLS alerts (RFC 8446, section 6) by which a broker says what it has against this client's certificate. */
const certificateAlerts: ReadonlyMap<string, string> = new Map([
  ['42', 'it is not valid, or there is none where one is wanted'],
  ['45', 'it has expired'],
  ['46', 'it is not acceptable; perhaps its authority is not one that the broker trusts'],
  ['48', 'its authority is not one that the broker trusts'],
  ['116', 'the broker wants one, and there is none'],
]);

/** The refusal behind an error; null where it is none. */
export function securityError(error: unknown, brokers: readonly string[]): MillraceError | null {
  const text = causes(error).join(': ');
  const place = `Kafka at ${brokers.join(', ')}`;
  if (error instanceof MillraceError) return error;
  const against = certificateAlerts.get(/SSL alert number (\d+)/.exec(text)?.[1] ?? '');
  if (against) {
    const what = "does not take this client's certificate (tls.cert and tls.key)";
    return new MillraceError('kafka-tls', `${place} ${what}: ${against}: ${text}`, { cause: error });
  }
  if (tls.test(text))
    return new MillraceError('kafka-tls', `${place} cannot be reached by TLS: ${text}`, { cause: error });
  if (authentication.test(text))
    return new MillraceError('kafka-authentication', `${place} does not let this client in: ${text}`, { cause: error });
  return null;
}

/** The messages of an error and of what caused it, each once; its code where there is no message. */
export function causes(error: unknown): string[] {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error && messages.length < 5; cause = cause.cause) {
    const message = messageOf(cause) || ('code' in cause ? String(cause.code) : cause.name);
    if (!messages.includes(message)) messages.push(message);
  }
  return messages;
}
