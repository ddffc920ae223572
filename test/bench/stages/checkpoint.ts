// A checkpoint as a run makes it: the snapshot, which the fold waits for, and the saving, which goes on beside the stream.

import { join } from 'node:path';
import { createCheckpointStore } from '../../../src/checkpoint/store.ts';
import { checkpointMeta, expectedCheckpoint } from '../../../src/cli/run/checkpoint-meta.ts';
import { createLearner } from '../../../src/learner/create-learner.ts';
import { createCounters } from '../../../src/pipeline/counters.ts';
import { createFold } from '../../../src/pipeline/fold.ts';
import { benchSpec } from '../bench-spec.ts';
import { median } from '../statistics.ts';
import { chunkOf, createFetches, decoderOf, schemaOf } from './parts.ts';

const turns = 30;
const keep = 5;
/** Learnt before each. */
const records = 200;

export interface CheckpointFigures {
  readonly snapshotMs: number;
  readonly saveMs: number;
  readonly bytes: number;
}

/** Medians for a network, without rehearsal, in a folder of its own below `folder`. */
export async function checkpointFigures(
  folder: string,
  [features, hidden, outputs]: readonly [number, number, number],
): Promise<CheckpointFigures> {
  const name = `${features}-${hidden}-${outputs}`;
  const store = createCheckpointStore({ dir: join(folder, name), name, keep });
  await store.open();
  const spec = benchSpec({ network: [features, hidden, outputs], batchSize: 1 });
  const schema = schemaOf(features, Math.max(2, outputs));
  const fold = createFold({
    decoder: decoderOf(schema),
    createLearner: () => createLearner(spec),
    resume: null,
    counters: createCounters(),
    predictions: null,
  });
  const fetched = createFetches(features, records)();
  const expected = expectedCheckpoint('bench', spec, schema);
  const marks = { predictions: null, deadLetters: null, journal: 0 };
  const outputFiles = { predictions: null, deadLetters: null };
  const snapshots: number[] = [];
  const saves: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < turns; turn++) {
    // The same records, further on in their partition.
    fetched.writeBigInt64BE(BigInt(turn * records), 0);
    fold.replay(chunkOf(fetched));
    const startedMs = performance.now();
    const snapshot = fold.snapshot();
    const takenMs = performance.now();
    if (!snapshot) throw new Error('nothing was learnt');
    const { counts, sequence, tensors } = snapshot;
    const at = { name, expected, snapshot, marks, counts, input: null, outputs: outputFiles, savedAt: new Date() };
    ({ bytes } = await store.save({ sequence, tensors, meta: checkpointMeta(at) }));
    saves.push(performance.now() - takenMs);
    snapshots.push(takenMs - startedMs);
  }
  const rounded = (times: readonly number[]) => Number(median(times).toFixed(2));
  return { snapshotMs: rounded(snapshots), saveMs: rounded(saves), bytes };
}
