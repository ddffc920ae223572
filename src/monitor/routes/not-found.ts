// What any other path answers: 404, with the paths that there are.

import type { FastifyInstance } from 'fastify';

/** Answers unknown paths. Call it before the routes are added: it learns them as they come. */
export function addNotFound(app: FastifyInstance): void {
  const paths = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    if (method === 'GET') paths.add(url);
  });
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).send({ error: 'there is nothing here', paths: [...paths] });
  });
}
