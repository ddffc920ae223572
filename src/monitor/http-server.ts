// The HTTP server of a run: tells in Millrace's words why it cannot listen, and never holds up the end of a run.

import { EventEmitter, once } from 'node:events';
import { MillraceError, messageOf } from '../errors.ts';
import type { RunPhase } from '../pipeline/status.ts';
import { createHttpApp, type HttpAppOptions } from './http-app.ts';

export interface HttpServerOptions extends Omit<HttpAppOptions, 'onScraped'> {
  /** The address to listen on; loopback unless said otherwise. */
  readonly host?: string;
  /** The port; 0 for any free one. */
  readonly port: number;
}

export interface HttpServer {
  /**
   * Listens. `url` is where, with the real port: `http://127.0.0.1:9464`.
   * Throws MillraceError('http-port-in-use' | 'http-failed').
   */
  start(): Promise<{ url: string }>;
  /** Whether /metrics was ever asked for. */
  readonly isScraped: boolean;
  /** Resolves once a scrape has told that the run has failed; rejects when `signal` aborts. */
  failureScraped(signal: AbortSignal): Promise<void>;
  /** Stops listening, lets answers under way end for a moment, and closes every connection. Safe to call twice. */
  close(): Promise<void>;
}

/** Connections that may wait to be accepted: with the usual 511, of 1000 clients at once half would try again seconds later. */
const backlog = 4096;

/** How long answers under way may take before their connections are cut. */
const closeGraceMs = 500;

/** A server that is not listening yet. */
export function createHttpServer({ host = '127.0.0.1', port, ...options }: HttpServerOptions): HttpServer {
  const scrapes = new EventEmitter<{ failed: [] }>();
  let isScraped = false;
  const onScraped = (told: RunPhase) => {
    isScraped = true;
    if (told === 'failed') scrapes.emit('failed');
  };
  const app = createHttpApp({ ...options, onScraped });
  return {
    get isScraped() {
      return isScraped;
    },
    failureScraped: (signal) => once(scrapes, 'failed', { signal }).then(() => {}),
    start: async () => {
      try {
        return { url: await app.listen({ host, port, backlog }) };
      } catch (error) {
        throw listenError(host, port, error);
      }
    },
    close: async () => {
      const cut = setTimeout(() => app.server.closeAllConnections(), closeGraceMs);
      try {
        await app.close();
      } finally {
        clearTimeout(cut);
      }
    },
  };
}

function listenError(host: string, port: number, cause: unknown): MillraceError {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
    const remedy = 'set `http.port` to another port, to 0 for any free one, or `http: false`';
    return new MillraceError('http-port-in-use', `HTTP port ${address} is taken by another process; ${remedy}`, {
      cause,
    });
  }
  const message = `cannot serve HTTP on ${address}: ${messageOf(cause)}; check \`http.host\` and \`http.port\``;
  return new MillraceError('http-failed', message, { cause });
}
