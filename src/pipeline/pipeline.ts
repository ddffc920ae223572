// The whole way of a sample: chunk by chunk through the fold, out through the delivery, into a checkpoint; bounded
// throughout.

import { asyncScheduler, concatMap, identity, lastValueFrom, map, pipe, type SchedulerLike } from 'rxjs';
import type { Positions } from '../sample/record.ts';
import { bounded, type FlightGauge } from './bounded.ts';
import { checkpointDue } from './checkpoint-due.ts';
import type { Fold, Folded, FoldSnapshot } from './fold.ts';
import { withIdle } from './idle.ts';
import { limitRecords } from './limit-records.ts';
import type { Boundary, CommitMarks, Delivery, Source } from './ports.ts';
import { createRangeLog, type RangeLog } from './range-log.ts';

/** Due after so many records or so much time, whichever comes first. */
export interface Cadence {
  readonly samples: number;
  readonly ms: number;
}

export interface PipelineOptions {
  readonly source: Source;
  readonly fold: Fold;
  readonly delivery: Delivery;
  readonly commitEvery: Cadence;
  /** Keeps a snapshot whose commit is through; null keeps none. */
  readonly save: ((snapshot: FoldSnapshot, marks: CommitMarks) => Promise<void>) | null;
  /** When a commit is followed by a checkpoint; null: always. */
  readonly checkpointEvery: Cadence | null;
  /** Hears of positions that were committed and saved; null where the commit itself tells the source's carrier. */
  readonly acknowledge: ((positions: Positions) => Promise<void>) | null;
  /** Most chunks between source and commit. */
  readonly maxInFlight: number;
  /** Ends after so many records; null at the end of the input. */
  readonly maxRecords: number | null;
  readonly gauge: FlightGauge;
  readonly scheduler?: SchedulerLike;
}

/** What is to be done after a chunk was learnt, besides writing. */
interface Step extends Folded {
  /** Set where a commit is due. */
  readonly boundary: Boundary | null;
  /** Set where that commit is followed by a checkpoint. */
  readonly snapshot: FoldSnapshot | null;
}

/**
 * Runs until the input ends, `maxRecords` have been dealt with, or `signal` aborts; then finishes what is in flight,
 * commits and saves a last checkpoint. Rejects with the first failure of any part, committing and saving nothing more.
 */
export async function runPipeline(options: PipelineOptions, signal: AbortSignal): Promise<void> {
  const { source, fold, commitEvery, checkpointEvery } = options;
  const ranges = createRangeLog();
  const scheduler = options.scheduler ?? asyncScheduler;
  let savedAt = fold.sequence;
  let committedAt = fold.sequence;
  const commit = async ({ boundary, snapshot }: Pick<Step, 'boundary' | 'snapshot'>) => {
    if (!boundary) return;
    const marks = await options.delivery.commit(boundary);
    committedAt = boundary.sequence;
    if (checkpointEvery !== null && !snapshot) return;
    if (snapshot) await options.save?.(snapshot, marks);
    savedAt = boundary.sequence;
    await options.acknowledge?.(boundary.positions);
  };
  const stages = pipe(
    options.maxRecords === null ? identity : limitRecords(options.maxRecords),
    map((chunk): Folded => (chunk ? fold.apply(chunk) : silence)),
    checkpointDue<Folded>({ everySamples: commitEvery.samples, everyMs: commitEvery.ms, scheduler }),
    map(({ item, due }) => ({ ...item, commits: due })),
    checkpointDue<Folded & { commits: boolean }>({
      everySamples: checkpointEvery?.samples ?? 0,
      everyMs: checkpointEvery?.ms ?? 0,
      only: ({ commits }) => commits,
      scheduler,
    }),
    // Taken here, synchronously, before the next chunk is learnt; used once what came before is written.
    map(({ item, due }) =>
      plan(item, { commits: item.commits, saves: due && options.save !== null }, { fold, ranges }),
    ),
    concatMap(async (step) => {
      await options.delivery.write(step);
      await commit(step);
    }),
  );
  const chunks = withIdle(source.chunks(fold.positions, signal), commitEvery.ms);
  await lastValueFrom(bounded(chunks, options.maxInFlight, stages, options.gauge), { defaultValue: undefined });
  if (fold.sequence === committedAt && fold.sequence === savedAt) return;
  await commit(plan(silence, { commits: true, saves: options.save !== null }, { fold, ranges }));
}

const silence: Folded = { records: 0, predictions: [], deadLetters: [], range: null };

function plan(
  folded: Folded,
  due: { readonly commits: boolean; readonly saves: boolean },
  { fold, ranges }: { readonly fold: Fold; readonly ranges: RangeLog },
): Step {
  if (folded.range) ranges.add(folded.range);
  return {
    ...folded,
    boundary: due.commits ? { ...fold.standing(), ranges: ranges.take() } : null,
    snapshot: due.saves ? fold.snapshot() : null,
  };
}
