// A run as the monitor sees one: figures that a test can set, and counts of how often they were read.

import type { MetricsReport, Scores } from '../../src/learner/metrics/report.ts';
import type { NetworkReport } from '../../src/learner/network-report.ts';
import type { RunStatus, RunView } from '../../src/pipeline/status.ts';

/** Scores of a binary classifier, told apart by their loss. */
function scoresOf(loss: number): Scores {
  return {
    samples: 90,
    loss,
    accuracy: 0.75,
    logLoss: loss,
    f1: 0.5,
    kappa: -0.25,
    rocAuc: 0.625,
    mae: null,
    rmse: null,
    r2: null,
  };
}

/** The report of a binary classifier. */
export const sampleReport: MetricsReport = {
  ...scoresOf(0.5),
  window: { ...scoresOf(0.25), size: 50 },
  fading: { ...scoresOf(0.125), factor: 0.999 },
  baseline: { ...scoresOf(0.75), window: scoresOf(0.7), fading: scoresOf(0.65) },
};

/** A network of one hidden layer. */
export const sampleNetwork: NetworkReport = {
  layers: [
    { inputs: 3, units: 8, activation: 'relu', parameters: 32, norm: 2.5 },
    { inputs: 8, units: 1, activation: 'sigmoid', parameters: 9, norm: 1.5 },
  ],
  learningRate: 0.002,
  gradientNorm: 0.75,
};

/** A run that has dealt with 103 records. */
export const sampleStatus: RunStatus = {
  phase: 'live',
  failure: null,
  samples: 103,
  learned: 90,
  scored: 10,
  rejected: 3,
  rejectedByReason: { malformed: 2, 'not-finite': 1 },
  replayed: 7,
  replayTotal: 9,
  recoveries: 1,
  lossSum: 45,
  lossCount: 90,
  modelVersion: 1234,
  refusedSteps: 0,
  paused: false,
  stages: {
    learn: { count: 4, ms: 500 },
    write: { count: 4, ms: 20 },
    commit: { count: 2, ms: 30 },
    checkpoint: { count: 1, ms: 12.5 },
  },
  transactions: { results: { committed: 2, failed: 1, unknown: 0 }, time: { count: 2, ms: 250 } },
  lag: new Map([
    [0, 5],
    [3, 0],
  ]),
  inFlight: 2,
  inFlightMax: 4,
  checkpoints: 5,
  checkpointFailures: 1,
  checkpointBytes: 4096,
  checkpointAtMs: 1_700_000_000_500,
  checkpointDurationMs: 12.5,
  newestTimestampMs: 1_700_000_000_000,
};

/** A view whose figures a test changes by assigning to it. */
export interface SampleView extends Omit<RunView, 'recent'> {
  recent: RunView['recent'];
  now: RunStatus;
  report: MetricsReport | null;
  /** How often status and report were read. */
  reads: { status: number; metrics: number };
}

/** A view of the sample run. */
export function createSampleView(): SampleView {
  const view: SampleView = {
    name: 'fraud',
    role: 'learner',
    now: sampleStatus,
    report: sampleReport,
    reads: { status: 0, metrics: 0 },
    status: () => {
      view.reads.status += 1;
      return view.now;
    },
    metrics: () => {
      view.reads.metrics += 1;
      return view.report;
    },
    model: () => null,
    network: () => (view.report ? sampleNetwork : null),
    recent: {
      predictions: () => [
        { partition: 0, offset: 102, value: '{"prediction":1,"probability":0.75,"modelVersion":1234}' },
      ],
      rejections: () => [{ partition: 3, offset: 99, reason: 'malformed', message: 'not JSON: <b>"x"</b>' }],
    },
  };
  return view;
}
