// `millrace predict`: scores the records of a file with a checkpoint, as the stream would have; nothing is learnt.

import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import { createFileSource } from '../../file/file-source.ts';
import { createDecoder } from '../../sample/decoder.ts';
import type { CommonOptions } from '../common-options.ts';
import { printResult, say } from '../console.ts';
import { requireDistinct } from '../predict/distinct-files.ts';
import { loadFrozenModel } from '../predict/frozen-model.ts';
import { closeOutputs, openOutputs } from '../predict/outputs.ts';
import { createProgressBar } from '../predict/progress-bar.ts';
import { describePrediction } from '../predict/result.ts';
import { type Scored, score } from '../predict/score.ts';
import { createFileFormat, type FileFormat, formatOf, framingOf } from '../run/format.ts';
import { listenForShutdown } from '../run/shutdown.ts';

/** The options of `millrace predict`. */
export interface PredictOptions extends CommonOptions {
  /** A checkpoint; the newest of the configuration's folder without. */
  readonly from?: string;
  /** A file, or `-` for standard input. */
  readonly in: string;
  readonly format?: FileFormat;
  /** A file, or `-` for standard output, which it is without unless `--json` takes that. */
  readonly out?: string;
  /** Where rejected records go; they are only counted without. */
  readonly deadLetters?: string;
}

/** Writes a prediction for each record that fits the schema and tells how many. Throws MillraceError. */
export async function predict(options: PredictOptions): Promise<void> {
  const out = options.out ?? (options.json ? null : '-');
  if (options.json && out === '-')
    throw new MillraceError('usage-invalid', '--json and --out - both want standard output: write to a file');
  const config = loadConfig({ file: options.config, set: options.set, environment: process.env });
  const model = await loadFrozenModel(config, options.from);
  await requireDistinct({
    '--in': options.in,
    'the checkpoint': model.path,
    '--out': out,
    '--dead-letters': options.deadLetters ?? null,
  });
  const startedMs = performance.now();
  const shutdown = listenForShutdown();
  try {
    const scored = await scoreFile(config, { ...options, out, model }, shutdown.signal);
    const result = {
      ...scored,
      seconds: (performance.now() - startedMs) / 1000,
      modelVersion: model.learner.steps,
      weightsDigest: model.learner.weightsDigest(),
      checkpoint: model.path,
    };
    if (options.json) printResult(result);
    else say(describePrediction(result));
    if (shutdown.signal.aborted) process.exitCode = 1;
  } finally {
    shutdown.stop();
  }
}

interface Job extends Omit<PredictOptions, 'out'> {
  readonly out: string | null;
  readonly model: Awaited<ReturnType<typeof loadFrozenModel>>;
}

async function scoreFile(config: Config, job: Job, signal: AbortSignal): Promise<Scored> {
  const { model, in: path } = job;
  const { maxRecordBytes } = config.source;
  const fileFormat = job.format ?? formatOf(path);
  const source = createFileSource({ path, format: framingOf(fileFormat, model.schema), maxRecordBytes });
  try {
    await source.open();
    const format = createFileFormat(config, model.schema, source, fileFormat === 'float32');
    const decoder = createDecoder({ format, schema: model.schema, maxRecordBytes });
    const include = config.predictions?.include ?? [];
    const fields = { label: include.includes('label'), loss: include.includes('loss') };
    const sinks = await openOutputs(job.out, job.deadLetters ?? null);
    const progress = await createProgressBar(path, fileFormat === 'float32' ? 0 : 1);
    try {
      return await score({ source, decoder, model, fields, sinks, onChunk: progress.advance }, signal);
    } finally {
      progress.end();
      await closeOutputs(sinks);
    }
  } finally {
    await source.close();
  }
}
