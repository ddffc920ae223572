// `millrace run --role scorer`: learns nothing, serves the newest checkpoint of a folder over HTTP, and goes over to a newer
// one between two requests, so that none is dropped and each answer is of one model.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import { say } from '../console.ts';
import { createStore, defaultCheckpoint } from '../run/attempt.ts';
import { createServer } from '../run/serve.ts';
import { createCheckpointWatch, type WatchedModel } from './checkpoint-watch.ts';
import { createScorerView } from './scorer-view.ts';

/** How often the folder is looked at. */
const lookMs = 500;

/** Serves until `signal` aborts. Throws MillraceError, among others where the configuration has no HTTP or no checkpoints. */
export async function runScorer(config: Config, signal: AbortSignal): Promise<void> {
  if (!createStore(config, {}))
    throw new MillraceError('config-invalid', 'checkpoint: a scorer serves checkpoints, and here they are off');
  const { dir } = config.checkpoint || defaultCheckpoint;
  let served: WatchedModel | null = null;
  const http = createServer(
    config,
    createScorerView(config.name, () => served, signal),
    null,
  );
  if (!http) throw new MillraceError('config-invalid', 'http: a scorer serves over HTTP, and here it is off');
  const watch = createCheckpointWatch(config, dir);
  try {
    const { url } = await http.start();
    say(`live page at ${url}/, metrics at ${url}/metrics`);
    served = await watch.look();
    if (!served) say(`waiting for the first checkpoint of '${config.name}' in ${dir}`);
    for (let told: WatchedModel | null = null; !signal.aborted; ) {
      if (served && served !== told) say(`serving ${served.path}: model version ${served.learner.steps}`);
      told = served;
      await sleep(lookMs, undefined, { signal }).catch(() => {});
      // One assignment: a request sees the old model or the new one, whole.
      served = (await watch.look()) ?? served;
    }
  } finally {
    await http.close();
  }
}
