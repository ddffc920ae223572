// Tokens for SASL OAUTHBEARER by client credentials (RFC 6749, section 4.4), asked for anew a while before they expire.

import { MillraceError, messageOf } from '../errors.ts';

export interface OauthClient {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
}

/** A token is no longer used when it has less than this left. */
const marginMs = 30_000;
const timeoutMs = 10_000;

/** Gives a token that is valid for a while. Throws kafka-authentication. */
export function createTokenProvider(client: OauthClient): () => Promise<string> {
  let current: { readonly token: string; readonly untilMs: number } | null = null;
  return async () => {
    if (!current || Date.now() > current.untilMs - marginMs) current = await requestToken(client);
    return current.token;
  };
}

async function requestToken({ tokenEndpoint, clientId, clientSecret, scope }: OauthClient) {
  try {
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
    const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials.toString('base64')}` },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const answer: unknown = await response.json();
    return readToken(answer);
  } catch (error) {
    throw new MillraceError(
      'kafka-authentication',
      `no token from ${tokenEndpoint} for client '${clientId}': ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function readToken(answer: unknown): { token: string; untilMs: number } {
  const fields = typeof answer === 'object' && answer !== null ? new Map(Object.entries(answer)) : new Map();
  const token: unknown = fields.get('access_token');
  const expiresIn: unknown = fields.get('expires_in');
  if (typeof token !== 'string') throw new Error('its answer has no access_token');
  return { token, untilMs: Date.now() + (typeof expiresIn === 'number' ? expiresIn : 300) * 1000 };
}
