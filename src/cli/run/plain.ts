// A run whose outputs stand each alone: resumed from the newest checkpoint, its files cut back to what that vouches for.

import { createPlainDelivery } from '../../pipeline/plain-delivery.ts';
import { say } from '../console.ts';
import { type AttemptContext, defaultCheckpoint, newestCheckpoint, type Ready } from './attempt.ts';
import { openFold, restore } from './model-source.ts';
import { requireSameOutputs } from './output-files.ts';
import { createSinks } from './sinks.ts';

/** Restores the model and opens the sinks. Throws MillraceError; nothing stays open then. */
export async function openPlain(context: AttemptContext): Promise<Ready> {
  const { config, source, format, store } = context;
  const found = store && (await newestCheckpoint(store));
  const recovered = found && restore(config, found, context);
  if (recovered)
    say(
      `going on from checkpoint ${recovered.path}: ${recovered.resume.sequence} records, model version ${recovered.meta.modelVersion}`,
    );
  if (recovered) requireSameOutputs(recovered.meta, config, recovered.path);
  const sinks = createSinks(config);
  const close = async () => {
    await sinks.predictions?.close();
    await sinks.deadLetters?.close();
  };
  try {
    await sinks.predictions?.open(recovered?.meta.marks.predictions ?? null);
    await sinks.deadLetters?.open(recovered?.meta.marks.deadLetters ?? null);
  } catch (error) {
    await close();
    throw error;
  }
  const { everySamples, everyMs } = config.checkpoint || defaultCheckpoint;
  return {
    fold: openFold(config, format, recovered, context),
    delivery: createPlainDelivery(sinks),
    commitEvery: { samples: everySamples, ms: everyMs },
    checkpointEvery: null,
    acknowledge: (positions) => source.acknowledge(positions),
    before: recovered?.meta.counts ?? null,
    close,
  };
}
