// GET /metrics: the registry in Prometheus' text format.

import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { RunPhase } from '../../pipeline/status.ts';

/** Adds /metrics; `onScraped` hears of each answer that has gone out, and the phase that it told. */
export function addMetricsRoute(
  app: FastifyInstance,
  registry: Registry,
  phase: () => RunPhase,
  onScraped: (told: RunPhase) => void,
): void {
  app.get('/metrics', async (_request, reply) => {
    const told = phase();
    reply.raw.once('finish', () => onScraped(told));
    const text = await registry.metrics();
    return reply.header('content-type', registry.contentType).send(text);
  });
}
