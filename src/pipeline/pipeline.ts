// The whole way of a sample: chunk by chunk through the fold, out through the delivery, into a checkpoint; bounded
// throughout.

import {
  asyncScheduler,
  concatMap,
  identity,
  lastValueFrom,
  map,
  pipe,
  type SchedulerLike,
  Subject,
  takeUntil,
} from 'rxjs';
import type { Positions } from '../sample/record.ts';
import { bounded, type FlightGauge } from './bounded.ts';
import { checkpointDue } from './checkpoint-due.ts';
import { createRunControl, type RunControl } from './control.ts';
import { type Fold, type Folded, type FoldSnapshot, nothing } from './fold.ts';
import { gated } from './gate.ts';
import { withIdle } from './idle.ts';
import { learning } from './learning.ts';
import { limitRecords } from './limit-records.ts';
import { createPace, paced } from './paced.ts';
import type { Boundary, CommitMarks, Delivery, Source } from './ports.ts';
import { createRangeLog, type RangeLog } from './range-log.ts';
import { createStageTimer, type StageTimer } from './timings.ts';

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
  /** Through which it can be paused and asked for a checkpoint. */
  readonly control?: RunControl;
  readonly timer?: StageTimer;
  readonly scheduler?: SchedulerLike;
}

/** Longest silence before work that was asked for is done. */
const idleMsMax = 500;

/** What is to be done after a chunk was learnt, besides writing. */
interface Step extends Folded {
  /** Set where a commit is due. */
  readonly boundary: Boundary | null;
  /** Set where that commit is followed by a checkpoint. */
  readonly snapshot: FoldSnapshot | null;
  /** Who asked for that checkpoint. */
  readonly asked: ReturnType<RunControl['takeAsked']>;
}

/**
 * Runs until the input ends, `maxRecords` have been dealt with, or `signal` aborts; then finishes what is in flight,
 * commits and saves a last checkpoint. Rejects with the first failure of any part, committing and saving nothing more.
 */
export async function runPipeline(options: PipelineOptions, signal: AbortSignal): Promise<void> {
  const { source, fold, commitEvery, checkpointEvery } = options;
  const { control = createRunControl(), timer = createStageTimer() } = options;
  const pace = createPace();
  const context = { fold, ranges: createRangeLog(), control };
  const scheduler = options.scheduler ?? asyncScheduler;
  const saves = options.save !== null;
  const commits = createCommits(options, timer, fold.sequence);
  const stages = pipe(
    options.maxRecords === null ? identity : limitRecords(options.maxRecords),
    learning(fold, timer, pace),
    checkpointDue<Folded>({ everySamples: commitEvery.samples, everyMs: commitEvery.ms, scheduler }),
    map(({ item, due }) => ({ ...item, commits: due || (saves && control.wantsCheckpoint) })),
    checkpointDue<Folded & { commits: boolean }>({
      everySamples: checkpointEvery?.samples ?? 0,
      everyMs: checkpointEvery?.ms ?? 0,
      only: ({ commits: isBoundary }) => isBoundary,
      scheduler,
    }),
    // Taken here, synchronously, before the next chunk is learnt; used once what came before is written.
    map(({ item, due }) =>
      plan(item, { commits: item.commits, saves: saves && (due || control.wantsCheckpoint) }, context),
    ),
    concatMap(async (step) => {
      // First the next chunk is begun, which is learnt while this one is written.
      await null;
      await timer.timeAsync('write', () => options.delivery.write(step));
      await commits.commit(step);
    }),
  );
  const chunks = gated(paced(source.chunks(fold.positions, signal), pace, signal), control, signal);
  const items = withIdle(chunks, Math.min(commitEvery.ms, idleMsMax));
  try {
    const run$ = bounded(items, options.maxInFlight, stages, options.gauge).pipe(takeUntil(commits.failed$));
    await lastValueFrom(run$, { defaultValue: undefined });
    if (!commits.isDone(fold.sequence) || (saves && control.wantsCheckpoint))
      await commits.commit(plan(nothing, { commits: true, saves }, context));
    await commits.saved();
  } finally {
    // A checkpoint that is being written is not left to whoever comes next: its failure is known already.
    await commits.end().catch(() => undefined);
    control.end();
  }
}

/**
 * The end of a step: outputs durable, then the checkpoint, then word to the source. Where checkpoints are rarer than commits,
 * one is saved while the next steps are dealt with, and its failure ends the run at once.
 */
function createCommits(options: PipelineOptions, timer: StageTimer, sequence: number) {
  let savedAt = sequence;
  let committedAt = sequence;
  let saving: Promise<void> = Promise.resolve();
  let ended = false;
  /** Fails with a checkpoint, on a stream that stands still, too. */
  const failed$ = new Subject<never>();

  const keep = async (boundary: Boundary, snapshot: FoldSnapshot | null, marks: CommitMarks) => {
    const { save } = options;
    if (snapshot && save) await timer.timeAsync('checkpoint', () => save(snapshot, marks));
    await options.acknowledge?.(boundary.positions);
  };

  const finish = async (boundary: Boundary, snapshot: FoldSnapshot | null) => {
    const marks = await timer.timeAsync('commit', () => options.delivery.commit(boundary));
    committedAt = boundary.sequence;
    if (ended) return;
    if (options.checkpointEvery !== null && !snapshot) return;
    savedAt = boundary.sequence;
    // One at a time: a slow disk stops the stream rather than pile up snapshots.
    await saving;
    saving = keep(boundary, snapshot, marks);
    saving.catch((error: unknown) => failed$.error(error));
    if (options.checkpointEvery === null) await saving;
  };

  return {
    /** Whether all up to there is committed, and saved or being saved. */
    isDone: (at: number) => at === committedAt && at === savedAt,
    failed$,
    /** Resolves once nothing is being saved any more. */
    saved: () => saving,
    /** The same, and nothing is saved from now on. */
    end() {
      ended = true;
      return saving;
    },
    async commit({ boundary, snapshot, asked }: Pick<Step, 'boundary' | 'snapshot' | 'asked'>) {
      const done = boundary ? finish(boundary, snapshot) : Promise.resolve();
      const kept = done.then(() => saving);
      for (const { resolve, reject } of asked) kept.then(resolve, reject);
      kept.catch(() => undefined);
      await done;
    },
  };
}

function plan(
  folded: Folded,
  due: { readonly commits: boolean; readonly saves: boolean },
  { fold, ranges, control }: { readonly fold: Fold; readonly ranges: RangeLog; readonly control: RunControl },
): Step {
  if (folded.range) ranges.add(folded.range);
  const snapshot = due.saves ? fold.snapshot() : null;
  return {
    ...folded,
    boundary: due.commits ? { ...fold.standing(), ranges: ranges.take() } : null,
    snapshot,
    asked: snapshot ? control.takeAsked() : [],
  };
}
