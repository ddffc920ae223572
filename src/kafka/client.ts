// The connection to a Kafka cluster: one client for each source and sink, bounded retries, and kafkajs' own logging
// routed to a callback, so that normal operation prints nothing.

import { Kafka, logLevel } from 'kafkajs';
import { MillraceError, messageOf } from '../errors.ts';
import { createSocketPool, giveUpDeadConnections } from './dead-connections.ts';
import { missingRight } from './missing-right.ts';
import { type KafkaSasl, type KafkaTls, kafkajsSasl } from './security.ts';
import { securityError } from './security-error.ts';
import { hushTimerWarning } from './timer-warning.ts';
import { BatchTooLargeError } from './wire/decompress.ts';

/** Hears what the Kafka client has to say at `warn` and worse. */
export type KafkaLog = (level: 'warn' | 'error', message: string) => void;

/** How often and how fast a request is tried again. */
export interface KafkaRetry {
  /** Tries after the first. */
  readonly retries: number;
  readonly initialMs: number;
  /** Upper bound of the pause between two tries; it doubles from `initialMs`. */
  readonly maxMs: number;
}

export interface KafkaConnection {
  /** `host:port` of one or more brokers; the rest of the cluster is learnt from them. */
  readonly brokers: readonly string[];
  readonly clientId?: string;
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaSasl;
  /** Time for one TCP connection. Default 1000. */
  readonly connectTimeoutMs?: number;
  /** Default: 5 tries after the first, from 200 ms to 2 s apart: no broker is told within 15 s. */
  readonly retry?: KafkaRetry;
  readonly onLog?: KafkaLog;
}

export const defaultKafkaRetry: KafkaRetry = { retries: 5, initialMs: 200, maxMs: 2000 };

/** A broker that has not answered for so long is not there; joining a group may take longer, and has its own limit. */
const requestTimeoutMs = 10_000;

// What kafkajs says, as a warning or an error, of things that pass by themselves: the bound on the retries of an idempotent
// producer (ours stops the run when they are used up), a coordinator that starts, a group that takes in a member, a
// transaction whose end is still being written, a new topic without leaders. If they do not pass, the call fails and is
// told then.
const routine = [
  'Limiting retries for the idempotent producer',
  'The coordinator is loading',
  'The group coordinator is not available',
  'The group is rebalancing',
  'another concurrent operation on the same transaction',
  'This server is not the leader for that topic-partition',
  'This server does not host this topic-partition',
  'There is no leader for this topic-partition',
];

/** The kafkajs client of a connection; nothing is opened yet. */
export function createKafkaClient(connection: KafkaConnection): Kafka {
  hushTimerWarning();
  const retry = connection.retry ?? defaultKafkaRetry;
  const onLog = connection.onLog ?? (() => {});
  const isNews = createRepeatFilter();
  const sockets = createSocketPool();
  const kafka = new Kafka({
    brokers: [...connection.brokers],
    clientId: connection.clientId ?? 'millrace',
    ...(connection.tls === undefined ? {} : { ssl: connection.tls }),
    ...(connection.sasl === undefined ? {} : { sasl: kafkajsSasl(connection.sasl) }),
    connectionTimeout: connection.connectTimeoutMs ?? 1000,
    requestTimeout: requestTimeoutMs,
    socketFactory: sockets.open,
    retry: { retries: retry.retries, initialRetryTime: retry.initialMs, maxRetryTime: retry.maxMs },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, error } = entry.log;
      const text = error === undefined ? message : `${message}: ${messageOf(error)}`;
      if (routine.some((part) => text.includes(part)) || !isNews(text, Date.now())) return;
      onLog(entry.level === logLevel.ERROR ? 'error' : 'warn', text);
    },
  });
  return giveUpDeadConnections(kafka, sockets);
}

/** Says of each text whether it was not told in the last 10 s: kafkajs repeats itself with every retry. */
function createRepeatFilter(): (text: string, nowMs: number) => boolean {
  const told = new Map<string, number>();
  return (text, nowMs) => {
    for (const [before, atMs] of told) if (nowMs - atMs > 10_000) told.delete(before);
    if (told.has(text)) return false;
    told.set(text, nowMs);
    return true;
  };
}

/** Connects an admin, producer or consumer. Throws kafka-unreachable, naming the brokers, once the retries are used up. */
export async function connect(
  client: { connect(): Promise<void>; disconnect(): Promise<void> },
  connection: KafkaConnection,
): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    await client.disconnect().catch(() => {});
    const refusal = securityError(error, connection.brokers);
    if (refusal) throw refusal;
    throw new MillraceError(
      'kafka-unreachable',
      `No Kafka broker answers at ${connection.brokers.join(', ')}: ${messageOf(error)}. ` +
        'Check the addresses, the network and that the broker is up.',
      { cause: error },
    );
  }
}

/** A failure of the Kafka client as the user sees it; a MillraceError is kept as it is. */
export function kafkaFailure(what: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const kind = missingRight(error);
  if (kind) {
    const text = `${what}: this user lacks the right on the ${kind}: ${messageOf(error)}`;
    return new MillraceError('kafka-not-authorized', text, { cause: error });
  }
  const code = isBatchTooLarge(error) ? 'kafka-batch-too-large' : 'kafka-failed';
  return new MillraceError(code, `${what}: ${messageOf(error)}`, { cause: error });
}

/** Whether a batch that is too large is an error or has caused it: its place was added on the way. */
function isBatchTooLarge(error: unknown): boolean {
  return error instanceof BatchTooLargeError || (error instanceof Error && isBatchTooLarge(error.cause));
}
