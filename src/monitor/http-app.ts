// What the HTTP server answers, apart from sockets: each group of routes adds itself.

import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { RunPhase, RunView } from '../pipeline/status.ts';
import {
  addErrorAnswers,
  answerClientError,
  answerConnect,
  answerExpectation,
  answerFailure,
} from './error-answers.ts';
import { createInferenceTally, type InferenceTally } from './inference/tally.ts';
import { openApiDocument } from './openapi.ts';
import { RequestError } from './request-error.ts';
import { type AdminOptions, addAdminRoutes } from './routes/admin.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addInferenceRoutes } from './routes/inference.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addPageRoutes } from './routes/page.ts';

export interface HttpAppOptions {
  readonly view: RunView;
  /** Whether the run can be relied on, for /readyz; left out: while its phase is `live`. */
  readonly ready?: () => boolean;
  /** Null while all is well, else why the process should be restarted, for /livez. */
  readonly alive?: () => string | null;
  readonly registry: Registry;
  /** Hears of each scrape that was answered, and the phase that it was told. */
  readonly onScraped?: (told: RunPhase) => void;
  /** Version of the package. */
  readonly version: string;
  /** Counts the requests for predictions; its own unless said. */
  readonly inference?: InferenceTally;
  /** The controls and the token for them; left out: there are none. */
  readonly admin?: Pick<AdminOptions, 'token' | 'controls'> | null;
  /** The longest that a client may take to send a request. Default 10 s. */
  readonly requestTimeoutMs?: number;
}

/** Bytes of a body, where a route does not say otherwise. */
const bodyLimit = 16_384;

/** Nothing is loaded from anywhere else, nothing is embedded, and nobody guesses types. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** All routes, not listening yet. There are no CORS headers: pages of other origins read nothing and send no JSON. */
export function createHttpApp(options: HttpAppOptions): FastifyInstance {
  const { view, registry, version, admin = null, requestTimeoutMs = 10_000 } = options;
  const phase = () => view.status().phase;
  const ready = options.ready ?? (() => phase() === 'live');
  const app = Fastify({
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    // Node keeps to the request's time only where it is also that of the headers, and looks every 30 s unless told.
    http: {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
      // Refused below, in words; Node has none.
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError,
    // Paths that cannot be read reach neither the hooks nor the error handler.
    frameworkErrors: (error, request, reply) => answerFailure(error, request, reply.headers(securityHeaders)),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async ({ headers, raw }, reply) => {
    reply.headers(securityHeaders);
    if (headers.host === undefined && raw.httpVersion === '1.1')
      throw new RequestError(400, 'HTTP/1.1 needs the header `Host`');
  });
  app.server.on('checkExpectation', answerExpectation).on('connect', answerConnect);
  addErrorAnswers(app);
  addPageRoutes(app, view);
  addMetricsRoute(app, registry, phase, options.onScraped ?? (() => {}));
  addHealthRoutes(app, { phase, ready, alive: options.alive ?? (() => null) });
  const tally = options.inference ?? createInferenceTally();
  addInferenceRoutes(app, { name: view.name, version, model: view.model, ready, tally });
  if (admin) addAdminRoutes(app, { ...admin, phase });
  const document = openApiDocument(version, admin !== null);
  app.get('/openapi.json', async () => document);
  return app;
}
