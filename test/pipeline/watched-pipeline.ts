// A pipeline whose every step can be seen.

import type { FoldSnapshot } from '../../src/pipeline/fold.ts';
import type { PipelineOptions } from '../../src/pipeline/pipeline.ts';
import { createPlainDelivery } from '../../src/pipeline/plain-delivery.ts';
import type { Boundary, CommitMarks } from '../../src/pipeline/ports.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { foldOf, recordsOf, sinkInto, sourceOver } from './parts.ts';

export const records = recordsOf(100);
export const never = 1e9;
export const forever = new AbortController().signal;

/** A pipeline over 100 records in chunks of 10, changed as said, and everything that can be seen of it. */
export function pipelineOf(changes: Partial<PipelineOptions> = {}) {
  const log: string[] = [];
  const seen = {
    log,
    predictions: [] as OutputRecord[],
    deadLetters: [] as OutputRecord[],
    boundaries: [] as Boundary[],
    saved: [] as { snapshot: FoldSnapshot; marks: CommitMarks }[],
  };
  const source = changes.source ?? sourceOver(records, 10, { log });
  const fold = changes.fold ?? foldOf();
  const plain = createPlainDelivery({
    predictions: sinkInto(seen.predictions, { name: 'predictions', log }),
    deadLetters: sinkInto(seen.deadLetters, { name: 'deadLetters', log }),
  });
  const options: PipelineOptions = {
    source,
    fold,
    delivery: {
      write: plain.write,
      commit: async (boundary) => {
        seen.boundaries.push(boundary);
        return plain.commit(boundary);
      },
    },
    commitEvery: { samples: 40, ms: never },
    save: async (snapshot, marks) => {
      log.push(`save ${snapshot.sequence}`);
      seen.saved.push({ snapshot, marks });
    },
    checkpointEvery: null,
    acknowledge: (positions) => source.acknowledge(positions),
    maxInFlight: 3,
    maxRecords: null,
    gauge: { inFlight: 0 },
    ...changes,
  };
  return { options, fold, ...seen };
}
