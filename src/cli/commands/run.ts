// `millrace run`, the main job: learns from the stream until it ends or is told to stop.

import { loadConfig } from '../../config/load.ts';
import { createHttpServer } from '../../monitor/http-server.ts';
import { createMetricsRegistry } from '../../monitor/registry.ts';
import { version } from '../../version.ts';
import type { CommonOptions } from '../common-options.ts';
import { printResult, say } from '../console.ts';
import type { Acceptance, RunHooks } from '../run/attempt.ts';
import { watchRun } from '../run/live-line.ts';
import { describeResult } from '../run/result.ts';
import { createSession } from '../run/session.ts';
import { listenForShutdown } from '../run/shutdown.ts';

/** The options of `millrace run`. */
export interface RunOptions extends CommonOptions {
  readonly stopAtEnd: boolean;
  readonly samples?: number;
  readonly accept: readonly Acceptance[];
}

/** Runs a configuration. Throws MillraceError; the HTTP server and the live line are stopped either way. */
export async function run(options: RunOptions, hooks: RunHooks = {}): Promise<void> {
  const config = loadConfig({ file: options.config, set: options.set, environment: process.env });
  const session = createSession(config, {
    end: { stopAtEnd: options.stopAtEnd, samples: options.samples ?? null },
    accepted: new Set(options.accept),
    hooks,
  });
  const registry = createMetricsRegistry({ view: session, version });
  const http = config.http ? createHttpServer({ ...config.http, view: session, registry }) : null;
  const shutdown = listenForShutdown();
  const stopWatching = watchRun(session);
  try {
    if (http) say(`metrics at ${(await http.start()).url}/metrics`);
    const result = await session.run(shutdown.signal);
    stopWatching();
    if (options.json) printResult(result);
    else say(describeResult(result, session.status()));
  } finally {
    stopWatching();
    shutdown.stop();
    await http?.close();
  }
}
