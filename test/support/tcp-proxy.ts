// A proxy before a Kafka broker that breaks what a network breaks: connections cut, slow, dead without a word, and answers
// that never come. It reads enough of the frames to pick an answer, and rewrites nothing.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TcpProxy {
  readonly port: number;
  /** Resets every connection; new ones work. */
  cut(): void;
  /** From now on everything takes so much longer, each way. */
  delay(ms: number): void;
  /** The open connections carry nothing more, and nobody is told; new ones work. */
  freeze(): void;
  /** Cuts a connection instead of passing the n-th answer from now on to requests of a kind (Kafka's API key). */
  dropReply(apiKey: number, nth: number): Promise<void>;
  close(): Promise<void>;
}

interface Drop {
  readonly apiKey: number;
  left: number;
  readonly done: () => void;
}

/** Listens on a free loopback port, before the broker on `targetPort`. */
export async function createTcpProxy(targetPort: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  const drops = new Set<Drop>();
  const state = { delayMs: 0 };
  const server = createServer((client) => {
    const link = createLink(client, connect(targetPort, '127.0.0.1'), drops, () => state.delayMs);
    links.add(link);
    client.once('close', () => links.delete(link));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      for (const link of links) link.cut();
    },
    delay(ms) {
      state.delayMs = ms;
    },
    freeze() {
      for (const link of links) link.freeze();
    },
    dropReply: (apiKey, nth) =>
      new Promise((resolve) => {
        const drop: Drop = {
          apiKey,
          left: nth,
          done() {
            drops.delete(drop);
            resolve();
          },
        };
        drops.add(drop);
      }),
    async close() {
      for (const link of links) link.cut();
      server.close();
    },
  };
}

interface Link {
  cut(): void;
  freeze(): void;
}

/** Two sockets that pass on to each other what they get. */
function createLink(client: Socket, broker: Socket, drops: ReadonlySet<Drop>, delayMs: () => number): Link {
  /** Correlation id → API key of the requests that wait for an answer. */
  const asked = new Map<number, number>();
  let frozen = false;
  const cut = () => {
    client.resetAndDestroy();
    broker.destroy();
  };
  const requests = createScanner(12, (head) => {
    asked.set(head.readInt32BE(8), head.readInt16BE(4));
    return true;
  });
  const replies = createScanner(8, (head) => {
    const id = head.readInt32BE(4);
    const apiKey = asked.get(id);
    asked.delete(id);
    const drop = [...drops].find((each) => each.apiKey === apiKey);
    if (!drop || --drop.left > 0) return true;
    drop.done();
    return false;
  });
  const pass = (from: Socket, to: Socket, scan: ReturnType<typeof createScanner>) => {
    let last: Promise<void> = Promise.resolve();
    from.on('data', (bytes) => {
      if (frozen || typeof bytes === 'string') return;
      const { passed, intact } = scan(bytes);
      const dueMs = performance.now() + delayMs();
      last = last.then(async () => {
        const waitMs = dueMs - performance.now();
        if (waitMs > 0) await sleep(waitMs);
        if (frozen || to.destroyed) return;
        to.write(passed);
        if (!intact) cut();
      });
    });
    from.on('error', () => {});
    // Half-open means just that: the other side hears nothing of the end.
    from.on('close', () => !frozen && void last.then(() => to.destroy()));
  };
  pass(client, broker, requests);
  pass(broker, client, replies);
  client.setNoDelay(true);
  broker.setNoDelay(true);
  return {
    cut,
    freeze() {
      frozen = true;
    },
  };
}

/**
 * Finds the frames in a stream of bytes. `onFrame` gets the first `headBytes` of each, and its 4 bytes of length; false
 * from it stops the stream before that frame.
 */
function createScanner(headBytes: number, onFrame: (head: Buffer) => boolean) {
  let held: Buffer = Buffer.alloc(0);
  let skip = 0;
  return (bytes: Buffer): { readonly passed: Buffer; readonly intact: boolean } => {
    const data = Buffer.concat([held, bytes]);
    let at = 0;
    while (at < data.length) {
      if (skip === 0) {
        if (data.length - at < headBytes) break;
        const head = data.subarray(at, at + headBytes);
        if (!onFrame(head)) return { passed: data.subarray(0, at), intact: false };
        skip = 4 + head.readInt32BE(0);
      }
      const step = Math.min(skip, data.length - at);
      skip -= step;
      at += step;
    }
    held = data.subarray(at);
    return { passed: data.subarray(0, at), intact: true };
  };
}
