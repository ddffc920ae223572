// What the HTTP server answers, apart from sockets: each group of routes adds itself.

import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { RunView } from '../pipeline/status.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addNotFound } from './routes/not-found.ts';

export interface HttpAppOptions {
  readonly view: RunView;
  /** Whether the run can be relied on, for /readyz; left out: while its phase is `live`. */
  readonly ready?: () => boolean;
  /** Null while all is well, else why the process should be restarted, for /livez. */
  readonly alive?: () => string | null;
  readonly registry: Registry;
}

/** Nothing that is served reads a body yet. In bytes. */
const bodyLimit = 16_384;
/** The longest that a client may take to send a request. */
const requestTimeoutMs = 10_000;

/** The routes /metrics, /livez and /readyz, not listening yet. */
export function createHttpApp({ view, ready, alive, registry }: HttpAppOptions): FastifyInstance {
  const phase = () => view.status().phase;
  const app = Fastify({ bodyLimit, requestTimeout: requestTimeoutMs, forceCloseConnections: 'idle' });
  addNotFound(app);
  addMetricsRoute(app, registry);
  addHealthRoutes(app, { phase, ready: ready ?? (() => phase() === 'live'), alive: alive ?? (() => null) });
  return app;
}
