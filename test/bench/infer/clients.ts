// Clients over bare sockets, each with one request under way at a time: the load generator takes a core of the machine
// that is measured, so it does as little as it can.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Client {
  /** Sends the request and resolves to the status of its answer; 0 where the connection failed. */
  ask(): Promise<number>;
  close(): void;
}

/** `count` clients of `url`, connected, or failing with their first question. */
export function connectClients(count: number, url: URL, body: string): Promise<Client[]> {
  const head = `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n`;
  const bytes = Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return Promise.all(Array.from({ length: count }, () => connectClient(url, bytes)));
}

async function connectClient({ hostname, port }: URL, request: Buffer): Promise<Client> {
  const socket = connect(Number(port), hostname).setNoDelay();
  let answered: ((status: number) => void) | null = null;
  const settle = (status: number) => {
    answered?.(status);
    answered = null;
  };
  readAnswers(socket, settle);
  socket.on('error', () => {}).on('close', () => settle(0));
  await once(socket, 'connect').catch(() => undefined);
  return {
    ask: () =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve(0);
        answered = resolve;
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}

/** Tells the status of each answer once all of its body is there. */
function readAnswers(socket: Socket, tell: (status: number) => void): void {
  let unread = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    unread += part;
    const bodyAt = unread.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return;
    const bodyLength = Number(/^content-length: (\d+)/im.exec(unread)?.[1]);
    if (unread.length < bodyAt + bodyLength) return;
    const status = Number(unread.slice(9, 12));
    unread = unread.slice(bodyAt + bodyLength);
    tell(status);
  });
}

/** Has every client ask again and again for so long; gives the time of each answer and how many failed. */
export async function askFor(ms: number, clients: readonly Client[]): Promise<{ latencies: number[]; failed: number }> {
  const until = performance.now() + ms;
  const latencies: number[] = [];
  let failed = 0;
  const keepAsking = async ({ ask }: Client) => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      const status = await ask();
      latencies.push(performance.now() - startedAt);
      if (status === 200) continue;
      failed++;
      // A connection that is gone fails at once, for ever.
      if (status === 0) return;
    }
  };
  await Promise.all(clients.map(keepAsking));
  return { latencies, failed };
}
