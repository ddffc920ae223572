// The model of a checkpoint for scoring: restored to the last bit, and stopped, so that nothing it is shown changes it.

import { parseCheckpointMeta } from '../../checkpoint/checkpoint.ts';
import { compareCheckpoint } from '../../checkpoint/compare.ts';
import { loadCheckpoint } from '../../checkpoint/store.ts';
import { learnerSpec, schemaSpec } from '../../config/resolve.ts';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import { createLearner } from '../../learner/create-learner.ts';
import { freezeState } from '../../learner/freeze.ts';
import type { Learner } from '../../learner/learner.ts';
import type { LearnerSpec } from '../../learner/spec.ts';
import type { LoadedCheckpoint } from '../../pipeline/ports.ts';
import type { BoundSchema } from '../../sample/schema.ts';
import { say } from '../console.ts';
import { createStore, defaultCheckpoint } from '../run/attempt.ts';
import { expectedCheckpoint, schemaOf } from '../run/checkpoint-meta.ts';

export interface FrozenModel {
  /** The checkpoint's path. */
  readonly path: string;
  readonly learner: Learner;
  readonly spec: LearnerSpec;
  /** The schema that it was learnt with; features that the configuration leaves out come from the checkpoint. */
  readonly schema: BoundSchema;
}

/**
 * Loads `from`, or the newest sound checkpoint of the configuration. The input that it was learnt from is not compared.
 * Throws MillraceError, among others 'checkpoint-missing' and 'checkpoint-mismatch'.
 */
export async function loadFrozenModel(config: Config, from: string | undefined): Promise<FrozenModel> {
  const found = from === undefined ? await findNewest(config) : await loadCheckpoint(from);
  const meta = parseCheckpointMeta(found.meta, found.path);
  const schema = schemaOf(meta, schemaSpec(config), config.model.scale);
  const spec = learnerSpec(config, schema);
  const mismatch = compareCheckpoint(meta, expectedCheckpoint(meta.origin, spec, schema), found.path);
  if (mismatch) throw mismatch;
  const learner = createLearner(spec, { onFallback: say });
  learner.restore(freezeState(found.tensors));
  return { path: found.path, learner, spec, schema };
}

async function findNewest(config: Config): Promise<LoadedCheckpoint> {
  const store = createStore(config, {});
  const found = await store?.newest((path, why) => say(`checkpoint ${path} ${why}; passing over it`));
  if (found) return found;
  const { dir } = config.checkpoint || defaultCheckpoint;
  const where = store
    ? `in ${dir} is no sound checkpoint of '${config.name}'`
    : 'the configuration keeps no checkpoints';
  throw new MillraceError('checkpoint-missing', `${where}: there is nothing to predict with`);
}
