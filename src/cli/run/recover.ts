// The one way back into a run: the newest sound checkpoint, checked against the configuration, restored.

import { type CheckpointMeta, parseCheckpointMeta, positionsOf } from '../../checkpoint/checkpoint.ts';
import { checkpointDifferences, compareCheckpoint } from '../../checkpoint/compare.ts';
import { learnerSpec } from '../../config/resolve.ts';
import type { Config } from '../../config/schema.ts';
import { createLearner } from '../../learner/create-learner.ts';
import type { FoldResume } from '../../pipeline/fold.ts';
import type { CheckpointStore } from '../../pipeline/ports.ts';
import type { BoundSchema, SchemaSpec } from '../../sample/schema.ts';
import { say } from '../console.ts';
import { expectedCheckpoint, schemaOf } from './checkpoint-meta.ts';

/** A checkpoint that the run goes on from. */
export interface Recovered {
  readonly resume: FoldResume;
  readonly schema: BoundSchema;
  readonly meta: CheckpointMeta;
}

/** What is known of the input before its first record. */
export interface InputFacts {
  readonly spec: SchemaSpec;
  /** The schema where config or header tell it, else null. */
  readonly known: BoundSchema | null;
  readonly origin: string;
}

/**
 * The newest checkpoint, restored; null where there is none. Damaged ones are named and passed over.
 * Throws MillraceError('checkpoint-mismatch') where it is of another network, schema or input.
 */
export async function recover(
  config: Config,
  { spec, known, origin }: InputFacts,
  store: CheckpointStore,
): Promise<Recovered | null> {
  const found = await store.newest((path, why) =>
    say(`checkpoint ${path} is damaged (${why}); passing over it to the one before`),
  );
  if (!found) return null;
  const meta = parseCheckpointMeta(found.meta, found.path);
  const schema = known ?? schemaOf(meta, spec, config.model.scale);
  const learnerOfConfig = learnerSpec(config, schema);
  const expected = expectedCheckpoint(origin, learnerOfConfig, schema);
  const mismatch = compareCheckpoint(meta, expected, found.path);
  if (mismatch) throw mismatch;
  for (const difference of checkpointDifferences(meta, expected)) say(`the configuration has changed: ${difference}`);
  const learner = createLearner(learnerOfConfig);
  learner.restore(found.tensors);
  const resume = { learner, positions: positionsOf(meta), sequence: found.sequence };
  say(`going on from checkpoint ${found.path}: ${found.sequence} records, model version ${meta.modelVersion}`);
  return { resume, schema, meta };
}
