// Turns snapshots of the fold into checkpoints.

import { learnerSpec } from '../../config/resolve.ts';
import type { Config } from '../../config/schema.ts';
import type { FoldSnapshot } from '../../pipeline/fold.ts';
import type { CheckpointStore, CommitMarks, SavedCheckpoint, Source } from '../../pipeline/ports.ts';
import { checkpointMeta, expectedCheckpoint, type LifeCounts } from './checkpoint-meta.ts';
import { outputFiles } from './output-files.ts';

export interface SaverOptions {
  readonly config: Config;
  readonly source: Source;
  readonly store: CheckpointStore;
}

/** Saves a snapshot whose outputs are durable up to `marks`; `before` counts the records that it went on from. */
export type Saver = (snapshot: FoldSnapshot, marks: CommitMarks, before: LifeCounts | null) => Promise<SavedCheckpoint>;

export function createSaver({ config, source, store }: SaverOptions): Saver {
  return (snapshot, marks, before) => {
    const expected = expectedCheckpoint(source.origin, learnerSpec(config, snapshot.schema), snapshot.schema);
    const counts = addCounts(before, snapshot.counts);
    const meta = checkpointMeta({
      name: config.name,
      expected,
      snapshot,
      marks,
      counts,
      input: source.identity,
      outputs: outputFiles(config),
      savedAt: new Date(),
    });
    return store.save({ sequence: snapshot.sequence, tensors: snapshot.tensors, meta });
  };
}

function addCounts(before: LifeCounts | null, run: FoldSnapshot['counts']): LifeCounts {
  return {
    learned: (before?.learned ?? 0) + run.learned,
    scored: (before?.scored ?? 0) + run.scored,
    rejected: (before?.rejected ?? 0) + run.rejected,
  };
}
