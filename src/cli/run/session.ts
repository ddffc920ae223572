// One run from its configuration to its result, and what it can say of itself on the way.

import type { Config } from '../../config/schema.ts';
import type { FlightGauge } from '../../pipeline/bounded.ts';
import { createCounters, type RunCounters } from '../../pipeline/counters.ts';
import type { Fold } from '../../pipeline/fold.ts';
import { runPipeline } from '../../pipeline/pipeline.ts';
import type { SavedCheckpoint } from '../../pipeline/ports.ts';
import type { RunPhase, RunStatus, RunView } from '../../pipeline/status.ts';
import { defaultCheckpoint, prepare } from './prepare.ts';
import type { RunResult } from './result.ts';
import { createSaver } from './saver.ts';
import { createOutputs } from './sinks.ts';
import { createSource, type RunEnd } from './source.ts';

/** A run that can be watched. */
export interface Session extends RunView {
  /** Runs to its end, or until `signal` aborts. Throws MillraceError; everything is closed either way. */
  run(signal: AbortSignal): Promise<RunResult>;
}

interface SessionState {
  readonly counters: RunCounters;
  readonly gauge: FlightGauge;
  phase: RunPhase;
  fold: Fold | null;
  saved: (SavedCheckpoint & { readonly atMs: number }) | null;
  checkpoints: number;
}

/** The session of a configuration; nothing is opened yet. */
export function createSession(config: Config, end: RunEnd): Session {
  const state: SessionState = {
    counters: createCounters(),
    gauge: { inFlight: 0 },
    phase: 'starting',
    fold: null,
    saved: null,
    checkpoints: 0,
  };
  return {
    name: config.name,
    status: () => statusOf(state, config),
    metrics: () => state.fold?.learner?.metrics() ?? null,
    async run(signal) {
      const startedAt = performance.now();
      try {
        await runOnce(config, end, state, signal);
        state.phase = 'stopped';
      } catch (error) {
        state.phase = 'failed';
        throw error;
      }
      return resultOf(config.name, state, statusOf(state, config), (performance.now() - startedAt) / 1000);
    },
  };
}

async function runOnce(config: Config, end: RunEnd, state: SessionState, signal: AbortSignal): Promise<void> {
  const source = createSource(config, end);
  const outputs = createOutputs(config);
  const onAbort = () => {
    state.phase = 'stopping';
  };
  try {
    const { fold, store, recovered } = await prepare(config, source, outputs, state.counters);
    state.fold = fold;
    const before = recovered?.meta.counts ?? null;
    const save = store && createSaver({ config, origin: source.origin, store, before });
    state.phase = 'live';
    signal.addEventListener('abort', onAbort);
    const { everySamples, everyMs } = config.checkpoint || defaultCheckpoint;
    await runPipeline(
      {
        source,
        fold,
        ...outputs,
        save: save && (async (snapshot, marks) => keepSaved(state, await save(snapshot, marks))),
        checkpointEvery: { samples: everySamples, ms: everyMs },
        maxInFlight: config.maxChunksInFlight,
        maxRecords: end.samples,
        gauge: state.gauge,
      },
      signal,
    );
  } finally {
    signal.removeEventListener('abort', onAbort);
    await source.close();
    await outputs.predictions?.close();
    await outputs.deadLetters?.close();
  }
}

function keepSaved(state: SessionState, saved: SavedCheckpoint): void {
  state.saved = { ...saved, atMs: Date.now() };
  state.checkpoints++;
}

function statusOf({ phase, counters, gauge, fold, saved, checkpoints }: SessionState, config: Config): RunStatus {
  const { samples, learned, scored, rejected, rejectedByReason, lossSum, lossCount, newestTimestampMs } = counters;
  return {
    phase,
    ...{ samples, learned, scored, rejected, rejectedByReason, lossSum, lossCount, newestTimestampMs },
    replayed: 0,
    modelVersion: fold?.learner?.steps ?? 0,
    refusedSteps: fold?.learner?.refusedSteps ?? 0,
    inFlight: gauge.inFlight,
    inFlightMax: config.maxChunksInFlight,
    checkpoints,
    checkpointBytes: saved?.bytes ?? null,
    checkpointAtMs: saved?.atMs ?? null,
    checkpointDurationMs: saved?.durationMs ?? null,
  };
}

function resultOf(name: string, { fold, saved }: SessionState, status: RunStatus, seconds: number): RunResult {
  const { samples, learned, scored, rejected, replayed, modelVersion, refusedSteps } = status;
  return {
    name,
    ...{ samples, learned, scored, rejected, replayed, seconds, modelVersion, refusedSteps },
    weightsDigest: fold?.learner?.weightsDigest() ?? null,
    metrics: fold?.learner?.metrics() ?? null,
    checkpoint: saved?.path ?? null,
  };
}
