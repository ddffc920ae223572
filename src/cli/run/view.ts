// What a run can say of itself: its state while it goes on, and the figures that are made of it.

import type { Config } from '../../config/schema.ts';
import type { FlightGauge } from '../../pipeline/bounded.ts';
import { createRunControl, type RunControl } from '../../pipeline/control.ts';
import { createCounters, type RunCounters } from '../../pipeline/counters.ts';
import type { Fold } from '../../pipeline/fold.ts';
import type { SavedCheckpoint, Source } from '../../pipeline/ports.ts';
import { createRecent, type RecentRecorder } from '../../pipeline/recent.ts';
import type { Failure, RunPhase, RunStatus } from '../../pipeline/status.ts';
import { createStageTimer, type StageTimer } from '../../pipeline/timings.ts';
import { createTransactionCounter, type TransactionCounter } from '../../pipeline/transaction-tally.ts';
import { createReplayProgress, type ReplayProgress } from './progress.ts';
import type { RunResult } from './result.ts';
import { transactionalTopics } from './transactional-topics.ts';

/** Of all attempts at a run together. */
export interface SessionState {
  readonly counters: RunCounters;
  readonly recent: RecentRecorder;
  readonly transactions: TransactionCounter;
  readonly timer: StageTimer;
  readonly control: RunControl;
  readonly gauge: FlightGauge;
  readonly replayed: ReplayProgress;
  phase: RunPhase;
  failure: Failure | null;
  /** Of the attempt at hand. */
  source: Source | null;
  fold: Fold | null;
  saved: (SavedCheckpoint & { readonly atMs: number }) | null;
  checkpoints: number;
  checkpointFailures: number;
  recoveries: number;
  /** Time that the pipeline has run, recovering and closing apart. */
  liveMs: number;
  /** When the newest commit went through, in milliseconds since the epoch; 0 before the first. */
  committedAtMs: number;
}

/** The state of a run that has not begun. */
export function createSessionState(): SessionState {
  return {
    counters: createCounters(),
    recent: createRecent(),
    transactions: createTransactionCounter(),
    timer: createStageTimer(),
    control: createRunControl(),
    gauge: { inFlight: 0 },
    replayed: createReplayProgress(),
    phase: 'starting',
    failure: null,
    source: null,
    fold: null,
    saved: null,
    checkpoints: 0,
    checkpointFailures: 0,
    recoveries: 0,
    liveMs: 0,
    committedAtMs: 0,
  };
}

/** The figures of this moment. */
export function statusOf(state: SessionState, config: Config): RunStatus {
  const { counters, fold, saved } = state;
  const { samples, learned, scored, rejected, rejectedByReason, lossSum, lossCount, newestTimestampMs } = counters;
  return {
    phase: state.phase,
    failure: state.failure,
    ...{ samples, learned, scored, rejected, rejectedByReason, lossSum, lossCount, newestTimestampMs },
    replayed: counters.replayed,
    replayTotal: state.replayed.total,
    recoveries: state.recoveries,
    modelVersion: fold?.learner?.steps ?? 0,
    refusedSteps: fold?.learner?.refusedSteps ?? 0,
    paused: state.control.paused,
    stages: state.timer.timings,
    transactions: transactionalTopics(config) && state.transactions,
    lag: lagOf(state),
    inFlight: state.gauge.inFlight,
    inFlightMax: config.maxChunksInFlight,
    checkpoints: state.checkpoints,
    checkpointFailures: state.checkpointFailures,
    checkpointBytes: saved?.bytes ?? null,
    checkpointAtMs: saved?.atMs ?? null,
    checkpointDurationMs: saved?.durationMs ?? null,
  };
}

/** From where the model stands to where each partition ends; a partition that was never read counts from its start. */
function lagOf({ source, fold }: SessionState): ReadonlyMap<number, number> {
  const ends = source?.ends ?? new Map<number, number>();
  return new Map(
    [...ends].map(([partition, end]) => [partition, Math.max(0, end - (fold?.positions.get(partition) ?? 0))]),
  );
}

/** What a run tells at its end. */
export function resultOf(
  name: string,
  { fold, saved, liveMs }: SessionState,
  status: RunStatus,
  seconds: number,
): RunResult {
  const { samples, learned, scored, rejected, replayed, modelVersion, refusedSteps } = status;
  return {
    name,
    ...{ samples, learned, scored, rejected, replayed, seconds, modelVersion, refusedSteps },
    liveSeconds: liveMs / 1000,
    weightsDigest: fold?.learner?.weightsDigest() ?? null,
    metrics: fold?.learner?.metrics() ?? null,
    checkpoint: saved?.path ?? null,
  };
}
