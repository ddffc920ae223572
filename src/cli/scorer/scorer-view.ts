// What a scorer can say of itself: the model of a checkpoint, and nothing of a stream.

import type { RunStatus, RunView } from '../../pipeline/status.ts';
import type { WatchedModel } from './checkpoint-watch.ts';

/** The view of a scorer; `served` is the model at hand, null before there is one. */
export function createScorerView(name: string, served: () => WatchedModel | null, stopping: AbortSignal): RunView {
  const learner = () => served()?.learner ?? null;
  return {
    name,
    role: 'scorer',
    status: () => statusOf(served(), stopping.aborted),
    metrics: () => learner()?.metrics() ?? null,
    network: () => learner()?.network() ?? null,
    model: served,
    recent: { predictions: () => [], rejections: () => [] },
  };
}

function statusOf(model: WatchedModel | null, isStopping: boolean): RunStatus {
  const none = () => ({ count: 0, ms: 0 });
  return {
    phase: isStopping ? 'stopping' : model ? 'live' : 'starting',
    failure: null,
    ...{ samples: 0, learned: 0, scored: 0, rejected: 0, rejectedByReason: {} },
    ...{ replayed: 0, replayTotal: 0, recoveries: 0, lossSum: 0, lossCount: 0 },
    modelVersion: model?.learner.steps ?? 0,
    refusedSteps: 0,
    paused: false,
    stages: { learn: none(), write: none(), commit: none(), checkpoint: none() },
    transactions: null,
    lag: new Map(),
    ...{ inFlight: 0, inFlightMax: 0 },
    ...{ checkpoints: 0, checkpointFailures: 0, checkpointDurationMs: null },
    checkpointBytes: model?.bytes ?? null,
    checkpointAtMs: model?.savedAtMs ?? null,
    newestTimestampMs: null,
  };
}
