// Tokens bought from a real HTTP server, and what is told where there are none.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTokenProvider } from '../../src/kafka/oauth-token.ts';

/** The address of a server that gives this answer, and how often it was asked. */
async function serve(answer: string, status = 200) {
  const asked = { times: 0 };
  const server = createServer((_request, response) => {
    asked.times++;
    response.writeHead(status).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return { origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, asked };
}

const provider = (tokenEndpoint: string) =>
  createTokenProvider({ tokenEndpoint, clientId: 'carol', clientSecret: 'hunter2' });
const refusal = (tokenEndpoint: string) =>
  provider(tokenEndpoint)().then(
    () => 'a token',
    (error: unknown) => String(error),
  );

describe('a token', () => {
  it('is asked for once by all who want it at the same time, and again when it is about to expire', async () => {
    const long = await serve('{"access_token":"t","expires_in":600}');
    const token = provider(long.origin);
    expect(await Promise.all([token(), token(), token()])).toEqual(['t', 't', 't']);
    expect(await token()).toBe('t');
    expect(long.asked.times).toBe(1);
    const short = await serve('{"access_token":"t","expires_in":1}');
    const fleeting = provider(short.origin);
    await fleeting();
    await fleeting();
    expect(short.asked.times).toBe(2);
  });

  it('is asked for anew after a failure', async () => {
    const { origin, asked } = await serve('no', 500);
    const token = provider(origin);
    await Promise.all([expect(token()).rejects.toThrow(/500/), expect(token()).rejects.toThrow(/500/)]);
    await expect(token()).rejects.toThrow(/500/);
    expect(asked.times).toBe(2);
  });

  it('that is not to be had is told with the reason, and without a secret', async () => {
    const { origin } = await serve('access_token=hunter2');
    expect(await refusal(`${origin}/token?key=hunter2`)).toBe(
      `MillraceError: no token from ${origin}/token for client 'carol': its answer is not JSON`,
    );
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    const nobody = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    closed.close();
    await once(closed, 'close');
    const message = await refusal(`${nobody}/token?key=hunter2`);
    expect(message).toContain(`no token from ${nobody}/token for client 'carol': fetch failed: connect ECONNREFUSED`);
    expect(message).not.toContain('hunter2');
  });
});
