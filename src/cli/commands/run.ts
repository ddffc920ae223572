// `millrace run`, the main job: learns from the stream until it ends or is told to stop.

import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { CommonOptions } from '../common-options.ts';
import { printResult, say } from '../console.ts';
import type { Acceptance, RunHooks } from '../run/attempt.ts';
import { awaitLastScrape } from '../run/last-scrape.ts';
import { watchRun } from '../run/live-line.ts';
import { describeResult } from '../run/result.ts';
import { createServer } from '../run/serve.ts';
import { createSession } from '../run/session.ts';
import { listenForShutdown } from '../run/shutdown.ts';
import { runScorer } from '../scorer/scorer.ts';

/** What a process does: everything, or only serve what another one has learnt. */
export const roles = ['learner', 'scorer'] as const;

/** The options of `millrace run`. */
export interface RunOptions extends CommonOptions {
  readonly stopAtEnd: boolean;
  readonly samples?: number;
  readonly accept: readonly Acceptance[];
  readonly role: (typeof roles)[number];
}

/** Runs a configuration. Throws MillraceError; the HTTP server and the live line are stopped either way. */
export async function run(options: RunOptions, hooks: RunHooks = {}): Promise<void> {
  const config = loadConfig({ file: options.config, set: options.set, environment: process.env });
  if (options.role === 'scorer') return serveOnly(config);
  const session = createSession(config, {
    end: { stopAtEnd: options.stopAtEnd, samples: options.samples ?? null },
    accepted: new Set(options.accept),
    hooks,
  });
  const http = createServer(config, session, session.control);
  const shutdown = listenForShutdown();
  const stopWatching = watchRun(session);
  try {
    if (http) {
      const { url } = await http.start();
      say(`live page at ${url}/, metrics at ${url}/metrics`);
    }
    const result = await session.run(shutdown.signal).catch(async (error: unknown) => {
      stopWatching();
      if (http && config.http) await awaitLastScrape(http, config.http.lastScrapeMs, error, shutdown.signal);
      throw error;
    });
    stopWatching();
    if (options.json) printResult(result);
    else say(describeResult(result, session.status(), session.recent.rejections().at(-1) ?? null));
  } finally {
    stopWatching();
    shutdown.stop();
    await http?.close();
  }
}

async function serveOnly(config: Config): Promise<void> {
  const shutdown = listenForShutdown();
  try {
    await runScorer(config, shutdown.signal);
  } finally {
    shutdown.stop();
  }
}
