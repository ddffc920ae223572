// GET /livez and /readyz, for those who restart a process and those who send it traffic.

import type { FastifyInstance } from 'fastify';
import type { RunPhase } from '../../pipeline/status.ts';

export interface HealthOptions {
  readonly phase: () => RunPhase;
  /** Whether the run is live. */
  readonly ready: () => boolean;
  /** Null while all is well, else why the process should be restarted. */
  readonly alive: () => string | null;
}

/** Adds /livez (200, or 503 with the reason), /readyz and /readyz/standby (200, or 503 with the phase). */
export function addHealthRoutes(app: FastifyInstance, { phase, ready, alive }: HealthOptions): void {
  app.get('/livez', async (_request, reply) => {
    const reason = alive() ?? (phase() === 'failed' ? 'the run has failed' : null);
    reply.header('cache-control', 'no-store');
    return reason === null ? { status: 'ok' } : reply.code(503).send({ status: 'failing', reason });
  });
  const addReadiness = (path: string, isReady: () => boolean) =>
    app.get(path, async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return isReady()
        ? { status: 'ready', phase: phase() }
        : reply.code(503).send({ status: 'not ready', phase: phase() });
    });
  addReadiness('/readyz', ready);
  // Standing by is all that a standby is to do: whoever replaces instances one by one asks this, or waits for ever.
  addReadiness('/readyz/standby', () => ready() || phase() === 'standby');
}
