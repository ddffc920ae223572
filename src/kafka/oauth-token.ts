// Tokens for SASL OAUTHBEARER by client credentials (RFC 6749, section 4.4), asked for anew a while before they expire.

import { MillraceError } from '../errors.ts';
import { causes } from './security-error.ts';

export interface OauthClient {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
}

interface Token {
  readonly token: string;
  readonly untilMs: number;
}

/** A token is no longer used when it has less than this left. */
const marginMs = 30_000;
const timeoutMs = 10_000;

/** Gives a token that is valid for a while; who asks at the same time shares one request. Throws kafka-authentication. */
export function createTokenProvider(client: OauthClient): () => Promise<string> {
  let current: Token | null = null;
  let pending: Promise<Token> | null = null;
  return async () => {
    if (current && Date.now() <= current.untilMs - marginMs) return current.token;
    pending ??= requestToken(client).finally(() => {
      pending = null;
    });
    current = await pending;
    return current.token;
  };
}

async function requestToken({ tokenEndpoint, clientId, clientSecret, scope }: OauthClient): Promise<Token> {
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
    return readToken(parseAnswer(await response.text()));
  } catch (error) {
    // A query may hold a secret.
    const { origin, pathname } = new URL(tokenEndpoint);
    throw new MillraceError(
      'kafka-authentication',
      `no token from ${origin}${pathname} for client '${clientId}': ${causes(error).join(': ')}`,
      { cause: error },
    );
  }
}

/** The parser's own error quotes the answer, and with it perhaps a token. */
function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('its answer is not JSON');
  }
}

function readToken(answer: unknown): Token {
  const fields = typeof answer === 'object' && answer !== null ? new Map(Object.entries(answer)) : new Map();
  const token: unknown = fields.get('access_token');
  const expiresIn: unknown = fields.get('expires_in');
  if (typeof token !== 'string') throw new Error('its answer has no access_token');
  return { token, untilMs: Date.now() + (typeof expiresIn === 'number' ? expiresIn : 300) * 1000 };
}
