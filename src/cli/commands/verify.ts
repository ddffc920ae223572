// `millrace verify`: learns the model again from the log and compares it, bit for bit, with the newest checkpoint.

import { loadCheckpoint } from '../../checkpoint/store.ts';
import { loadConfig } from '../../config/load.ts';
import { MillraceError } from '../../errors.ts';
import type { CommonOptions } from '../common-options.ts';
import { printResult, say } from '../console.ts';
import { type Acceptance, createStore, newestCheckpoint } from '../run/attempt.ts';
import { newestCommitted } from '../run/committed-checkpoint.ts';
import { openFormat, restore } from '../run/model-source.ts';
import { listenForShutdown } from '../run/shutdown.ts';
import { createSource, kafkaConnection } from '../run/source.ts';
import { transactionalTopics } from '../run/transactional-topics.ts';
import { compareState } from '../verify/compare-state.ts';
import type { Relearnt, VerifyContext } from '../verify/context.ts';
import { relearnFromInput } from '../verify/from-input.ts';
import { relearnFromJournal } from '../verify/from-journal.ts';

/** The options of `millrace verify`. */
export interface VerifyOptions extends CommonOptions {
  /** A checkpoint to begin with, instead of nothing. */
  readonly from?: string;
}

/** Prints what was compared; the exit code is 0 where everything is the same, else 1. Throws MillraceError. */
export async function verify(options: VerifyOptions): Promise<void> {
  const config = loadConfig({ file: options.config, set: options.set, environment: process.env });
  const source = createSource(config, { stopAtEnd: true, samples: Number.MAX_SAFE_INTEGER });
  const shutdown = listenForShutdown();
  const startedMs = performance.now();
  try {
    await source.open();
    const format = openFormat(config, source);
    const inputs = { source, format, accepted: new Set<Acceptance>() };
    const store = createStore(config, {});
    const topics = transactionalTopics(config);
    const newest =
      store &&
      (topics
        ? await newestCommitted(store, topics.journal, kafkaConnection(config, topics.kafka))
        : await newestCheckpoint(store));
    const target = newest && restore(config, newest, inputs);
    const start = options.from ? restore(config, await loadCheckpoint(options.from), inputs) : null;
    const context: VerifyContext = { config, source, format, start, target, signal: shutdown.signal };
    const relearnt = topics ? await relearnFromJournal(context, topics) : await relearnFromInput(context);
    if (shutdown.signal.aborted) throw new MillraceError('usage-invalid', 'verify was interrupted: nothing is shown');
    tell(relearnt, context, { json: options.json, seconds: (performance.now() - startedMs) / 1000 });
  } finally {
    shutdown.stop();
    await source.close();
  }
}

function tell(relearnt: Relearnt, { target, start }: VerifyContext, how: { json: boolean; seconds: number }): void {
  const { fold, firstDifference, entries } = relearnt;
  const differing = target ? compareState(fold, target) : [];
  const samples = fold.sequence - (start?.resume.sequence ?? 0);
  if (samples === 0)
    throw new MillraceError(
      'verify-empty',
      `nothing was learnt ${start ? `after checkpoint ${start.path}` : 'so far'}`,
    );
  const match = firstDifference === null && differing.length === 0;
  const { sequence, modelVersion, weightsDigest } = fold.standing();
  const result = {
    match,
    ...{ samples, sequence, modelVersion, weightsDigest },
    from: start?.path ?? null,
    checkpoint: target && {
      path: target.path,
      modelVersion: target.meta.modelVersion,
      weightsDigest: target.meta.weightsDigest,
    },
    journalEntries: entries,
    firstDifference,
    differing,
    seconds: how.seconds,
  };
  if (how.json) printResult(result);
  else for (const line of inWords(result)) say(line);
  if (!match) process.exitCode = 1;
}

function inWords(result: {
  readonly match: boolean;
  readonly samples: number;
  readonly modelVersion: number;
  readonly weightsDigest: string | null;
  readonly checkpoint: { readonly path: string; readonly weightsDigest: string } | null;
  readonly firstDifference: Relearnt['firstDifference'];
  readonly differing: readonly string[];
}): string[] {
  const { match, samples, modelVersion, weightsDigest, checkpoint, firstDifference, differing } = result;
  const lines = [`learnt ${samples} records again: model version ${modelVersion}, weights ${weightsDigest}`];
  if (match) {
    lines.push(
      checkpoint ? `the same, to the last bit, as checkpoint ${checkpoint.path}` : 'the same as the journal says',
    );
  } else {
    lines.push('NOT THE SAME');
    if (firstDifference)
      lines.push(
        `first difference: after step ${firstDifference.afterStep} and up to step ${firstDifference.upToStep}, journal offset ${firstDifference.journalOffset}`,
      );
    if (checkpoint && differing.length > 0)
      lines.push(`checkpoint ${checkpoint.path} differs in: ${differing.join(', ')}`);
  }
  return lines;
}
