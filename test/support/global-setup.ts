// One broker for the whole test run, started when the first test file asks for it: other tests pay nothing.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { TestProject } from 'vitest/node';
import { messageOf } from '../../src/errors.ts';
import { type Broker, startBroker } from './broker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Loopback port that answers every connection with the addresses of the broker, or with an empty line. */
    kafkaBrokerPort: number;
  }
}

// biome-ignore lint/style/noDefaultExport: vitest takes a default export
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let broker: Promise<Broker | null> | undefined;
  const start = async () => {
    try {
      return await startBroker();
    } catch (error) {
      console.error(`\n*** KAFKA TESTS ARE SKIPPED: no broker on this machine (${messageOf(error)}) ***\n`);
      return null;
    }
  };
  const server = createServer(async (socket) => {
    socket.on('error', () => {});
    broker ??= start();
    socket.end(`${(await broker)?.brokers.join(',') ?? ''}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  project.provide('kafkaBrokerPort', typeof address === 'object' && address ? address.port : 0);
  return async () => {
    server.close();
    await (await broker)?.stop();
  };
}
