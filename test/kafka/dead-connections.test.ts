import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createSocketPool } from '../../src/kafka/dead-connections.ts';

/** A port that takes connections and never says a word. */
async function silentPort(): Promise<number> {
  const taken: Socket[] = [];
  const server = createServer((socket) => void taken.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of taken) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function connected(pool: ReturnType<typeof createSocketPool>, port: number): Promise<Socket> {
  const opened = Promise.withResolvers<void>();
  const socket = pool.open({ host: '127.0.0.1', port, onConnect: opened.resolve });
  onTestFinished(() => void socket.destroy());
  await opened.promise;
  return socket;
}

it('fails every connection to the broker that does not answer, and no other', async () => {
  const pool = createSocketPool();
  const [dead, alive] = [await silentPort(), await silentPort()];
  const sockets = [await connected(pool, dead), await connected(pool, dead)];
  const other = await connected(pool, alive);
  const failures = sockets.map((socket) => once(socket, 'error'));
  pool.giveUp(`127.0.0.1:${dead}`);
  for (const [error] of await Promise.all(failures))
    expect(String(error)).toContain(`127.0.0.1:${dead} does not answer`);
  expect(other.destroyed).toBe(false);
});

it('has forgotten a connection that was closed', async () => {
  const pool = createSocketPool();
  const port = await silentPort();
  const socket = await connected(pool, port);
  socket.destroy();
  await once(socket, 'close');
  expect(() => pool.giveUp(`127.0.0.1:${port}`)).not.toThrow();
});
