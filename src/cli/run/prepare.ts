// Everything a run needs, opened in the one order that is safe: input, checkpoint, then the outputs at what it vouches for.

import { createCheckpointStore } from '../../checkpoint/store.ts';
import { learnerSpec, schemaSpec } from '../../config/resolve.ts';
import type { Config } from '../../config/schema.ts';
import { createLearner } from '../../learner/create-learner.ts';
import type { RunCounters } from '../../pipeline/counters.ts';
import { createFold, type Fold } from '../../pipeline/fold.ts';
import type { CheckpointStore, Source } from '../../pipeline/ports.ts';
import { createDecoder } from '../../sample/decoder.ts';
import { type Recovered, recover } from './recover.ts';
import type { Outputs } from './sinks.ts';
import { createFormat } from './source.ts';

/** A run ready to go. */
export interface Prepared {
  readonly fold: Fold;
  /** null where the configuration keeps no checkpoints. */
  readonly store: CheckpointStore | null;
  /** The checkpoint it goes on from, or null. */
  readonly recovered: Recovered | null;
}

/** Opens source, store and outputs and recovers the state. Throws MillraceError; the caller closes source and outputs. */
export async function prepare(
  config: Config,
  source: Source,
  outputs: Outputs,
  counters: RunCounters,
): Promise<Prepared> {
  await source.open();
  const spec = schemaSpec(config);
  const format = createFormat(config, spec, source);
  const { known } = format;
  // Built for its checks: given parameters that do not fit are a mistake to tell of before anything is read.
  if (known) learnerSpec(config, known);
  const store = createStore(config);
  await store?.open();
  const recovered = store && (await recover(config, { spec, known, origin: source.origin }, store));
  await outputs.predictions?.open(recovered?.meta.marks.predictions ?? null);
  await outputs.deadLetters?.open(recovered?.meta.marks.deadLetters ?? null);
  const schema = recovered?.schema ?? known;
  const fold = createFold({
    decoder: createDecoder({ format, schema, maxRecordBytes: config.source.maxRecordBytes }),
    createLearner: (bound) => createLearner(learnerSpec(config, bound)),
    predictions: predictionFields(config),
    resume: recovered?.resume ?? null,
    counters,
  });
  return { fold, store, recovered };
}

function predictionFields({ predictions }: Config) {
  if (!predictions) return null;
  return { label: predictions.include.includes('label'), loss: predictions.include.includes('loss') };
}

/** On by default for Kafka, whose runs are meant to go on; for other inputs only where the configuration asks for it. */
function createStore(config: Config): CheckpointStore | null {
  const options = config.checkpoint ?? (config.source.kafka ? defaultCheckpoint : false);
  return options ? createCheckpointStore({ dir: options.dir, name: config.name, keep: options.keep }) : null;
}

/** What `checkpoint` is where it is left out and yet on. */
export const defaultCheckpoint = { dir: './checkpoints', everySamples: 100_000, everyMs: 30_000, keep: 5 };
