// The model of a configuration: from the newest checkpoint, or anew; and the fold around it.

import { availableParallelism } from 'node:os';
import { type CheckpointMeta, parseCheckpointMeta, positionsOf } from '../../checkpoint/checkpoint.ts';
import { checkpointDifferences, compareCheckpoint } from '../../checkpoint/compare.ts';
import { learnerSpec, schemaSpec } from '../../config/resolve.ts';
import type { Config } from '../../config/schema.ts';
import { messageOf } from '../../errors.ts';
import { createLearner } from '../../learner/create-learner.ts';
import type { RunCounters } from '../../pipeline/counters.ts';
import { createFold, type Fold, type FoldResume } from '../../pipeline/fold.ts';
import type { LearningThread, LoadedCheckpoint, Source } from '../../pipeline/ports.ts';
import type { RecentRecorder } from '../../pipeline/recent.ts';
import { createDecoder } from '../../sample/decoder.ts';
import type { RecordFormat } from '../../sample/record-reader.ts';
import type { BoundSchema } from '../../sample/schema.ts';
import { startLearningThread } from '../../thread/learning-thread.ts';
import { say } from '../console.ts';
import type { AttemptContext } from './attempt.ts';
import { expectedCheckpoint, schemaOf } from './checkpoint-meta.ts';
import { createFormat } from './format.ts';
import { positionsHold } from './input-changes.ts';

/** A checkpoint that a run goes on from. */
export interface Recovered {
  readonly path: string;
  readonly resume: FoldResume;
  readonly schema: BoundSchema;
  /** False where the positions mean nothing any more: the input was created again, which was accepted. */
  readonly isSameInput: boolean;
  readonly meta: CheckpointMeta;
}

/** How the records of an open source are read, checked against the configuration. Throws MillraceError. */
export function openFormat(config: Config, source: Source): RecordFormat {
  const format = createFormat(config, schemaSpec(config), source);
  // Built for its checks: given parameters that do not fit are a mistake to tell of before anything is read.
  if (format.known) learnerSpec(config, format.known);
  return format;
}

/**
 * Restores a checkpoint. Throws MillraceError('checkpoint-mismatch') where it is of another network, schema or input, and
 * as `positionsHold` does where the input has changed.
 */
export function restore(
  config: Config,
  found: LoadedCheckpoint,
  { source, format, accepted }: Pick<AttemptContext, 'source' | 'format' | 'accepted'>,
): Recovered {
  const meta = parseCheckpointMeta(found.meta, found.path);
  const schema = format.known ?? schemaOf(meta, schemaSpec(config), config.model.scale);
  const spec = learnerSpec(config, schema);
  const expected = expectedCheckpoint(source.origin, spec, schema);
  const mismatch = compareCheckpoint(meta, expected, found.path);
  if (mismatch) throw mismatch;
  for (const difference of checkpointDifferences(meta, expected)) say(`the configuration has changed: ${difference}`);
  const learner = createLearner(spec, { onFallback: say });
  learner.restore(found.tensors);
  const isSameInput = positionsHold(meta.input, source, accepted);
  return {
    path: found.path,
    schema,
    meta,
    isSameInput,
    resume: { learner, positions: isSameInput ? positionsOf(meta) : new Map(), sequence: found.sequence },
  };
}

/** What a fold tells of what it does, and who learns for it. */
export interface FoldContext {
  readonly counters: RunCounters;
  readonly recent?: RecentRecorder;
  readonly thread?: LearningThread | null;
}

/** The fold of a run, going on from a checkpoint where there is one. */
export function openFold(
  config: Config,
  format: RecordFormat,
  recovered: Recovered | null,
  { counters, recent, thread }: FoldContext,
): Fold {
  const { maxRecordBytes } = config.source;
  return createFold({
    decoder: createDecoder({ format, schema: recovered?.schema ?? format.known, maxRecordBytes }),
    createLearner: (bound) => createLearner(learnerSpec(config, bound), { onFallback: say }),
    predictions: predictionFields(config),
    ...(thread ? { thread } : {}),
    resume: recovered?.resume ?? null,
    counters,
    ...(recent ? { recent } : {}),
  });
}

/** Starts the thread that learns; null where the configuration wants none, and, said, where this process can have none. */
export function openThread(config: Config): LearningThread | null {
  if (!(config.learningThread ?? availableParallelism() > 1)) return null;
  const onUnavailable = (why: string) => say(`learning without a thread of its own, as none could start: ${why}`);
  try {
    return startLearningThread({ predictions: predictionFields(config), onUnavailable });
  } catch (error) {
    onUnavailable(messageOf(error));
    return null;
  }
}

function predictionFields({ predictions }: Config) {
  if (!predictions) return null;
  return { label: predictions.include.includes('label'), loss: predictions.include.includes('loss') };
}
