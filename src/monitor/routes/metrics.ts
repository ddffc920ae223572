// GET /metrics: the registry in Prometheus' text format.

import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** Adds /metrics. */
export function addMetricsRoute(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', async (_request, reply) => {
    const text = await registry.metrics();
    return reply.header('content-type', registry.contentType).send(text);
  });
}
