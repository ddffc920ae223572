// The HTTP server of a configuration, over whatever can be watched.

import type { Config } from '../../config/schema.ts';
import { createHttpServer, type HttpServer } from '../../monitor/http-server.ts';
import { createInferenceTally } from '../../monitor/inference/tally.ts';
import { createMetricsRegistry } from '../../monitor/registry.ts';
import type { RunControls } from '../../monitor/routes/admin.ts';
import type { RunView } from '../../pipeline/status.ts';
import { version } from '../../version.ts';

/** Not listening yet; null where the configuration has none. `controls` are served where it has a token for them. */
export function createServer({ http }: Config, view: RunView, controls: RunControls | null): HttpServer | null {
  if (!http) return null;
  const inference = createInferenceTally();
  const registry = createMetricsRegistry({ view, version, inference });
  const { host, port, adminToken } = http;
  const admin = adminToken !== undefined && controls ? { token: adminToken, controls } : null;
  return createHttpServer({ host, port, view, registry, version, inference, admin });
}
