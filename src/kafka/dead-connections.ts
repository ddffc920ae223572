// Gives up connections that do not answer. kafkajs lets a request time out but keeps its connection, and sends the next
// ones, and every retry, to the same dead end: minutes pass before it opens another.

import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactoryArgs, Kafka } from 'kafkajs';

const keepAliveMs = 60_000;

/** The sockets of one client, by broker. */
export interface SocketPool {
  /** kafkajs' types promise `ssl`; without TLS there is none. */
  readonly open: (wanted: Omit<ISocketFactoryArgs, 'ssl'> & Partial<Pick<ISocketFactoryArgs, 'ssl'>>) => Socket;
  /** Fails every socket to a broker (`host:port`); whoever waits on one hears of it, and connects anew. */
  giveUp(broker: string): void;
}

export function createSocketPool(): SocketPool {
  const sockets = new Map<string, Set<Socket>>();
  return {
    open({ host, port, ssl, onConnect }) {
      const socket = ssl
        ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
        : connectPlain({ host, port }, onConnect);
      socket.setKeepAlive(true, keepAliveMs);
      const broker = `${host}:${port}`;
      const others = sockets.get(broker) ?? new Set();
      sockets.set(broker, others.add(socket));
      socket.once('close', () => others.delete(socket));
      return socket;
    },
    giveUp(broker) {
      for (const socket of sockets.get(broker) ?? []) socket.destroy(new Error(`${broker} does not answer`));
    },
  };
}

/** Has every consumer, producer and admin of a client give up the connections to a broker that lets a request time out. */
export function giveUpDeadConnections(kafka: Kafka, { giveUp }: SocketPool): Kafka {
  const consumer = kafka.consumer.bind(kafka);
  const producer = kafka.producer.bind(kafka);
  const admin = kafka.admin.bind(kafka);
  kafka.consumer = (options) => {
    const made = consumer(options);
    made.on(made.events.REQUEST_TIMEOUT, ({ payload }) => giveUp(payload.broker));
    return made;
  };
  kafka.producer = (options) => {
    const made = producer(options);
    made.on(made.events.REQUEST_TIMEOUT, ({ payload }) => giveUp(payload.broker));
    return made;
  };
  kafka.admin = (options) => {
    const made = admin(options);
    made.on(made.events.REQUEST_TIMEOUT, ({ payload }) => giveUp(payload.broker));
    return made;
  };
  return kafka;
}
