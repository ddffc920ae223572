// What a run can say of itself at any moment; the monitor and the terminal read it, nobody but the pipeline writes it.

import type { ErrorCode } from '../errors.ts';
import type { Learner } from '../learner/learner.ts';
import type { MetricsReport } from '../learner/metrics/report.ts';
import type { NetworkReport } from '../learner/network-report.ts';
import type { RejectionReason } from '../sample/rejection.ts';
import type { BoundSchema } from '../sample/schema.ts';
import type { Recent } from './recent.ts';
import type { Stage, Timing } from './timings.ts';
import type { TransactionTally } from './transaction-tally.ts';

export type RunPhase = 'starting' | 'standby' | 'replaying' | 'live' | 'stopping' | 'stopped' | 'failed';

/** Why a run has failed: the code of its error, or `internal` for a defect. */
export type Failure = ErrorCode | 'internal';

/** Counts are of this process since it started, unless said otherwise. */
export interface RunStatus {
  readonly phase: RunPhase;
  /** null unless the phase is `failed`. */
  readonly failure: Failure | null;
  /** Records dealt with: learned + scored + rejected. */
  readonly samples: number;
  /** Labelled samples: predicted, scored and learnt. */
  readonly learned: number;
  /** Samples without a label: predicted only. */
  readonly scored: number;
  /** Records sent to the dead letters. */
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Partial<Record<RejectionReason, number>>>;
  /** Samples learnt again in silence after a restart. */
  readonly replayed: number;
  /** How many are to be learnt again in all, as far as it is known. */
  readonly replayTotal: number;
  /** Times that the run has recovered within this process. */
  readonly recoveries: number;
  /** Sum and count of the losses of learned samples. */
  readonly lossSum: number;
  readonly lossCount: number;
  /** Optimiser steps over the model's life. */
  readonly modelVersion: number;
  readonly refusedSteps: number;
  /** Whether it has been asked to read no further. */
  readonly paused: boolean;
  readonly stages: Readonly<Record<Stage, Timing>>;
  /** null where the run is none in transactions. */
  readonly transactions: TransactionTally | null;
  /** Records that wait in each partition that is read now; empty where the input does not tell. */
  readonly lag: ReadonlyMap<number, number>;
  /** Chunks between source and commit, and the most that may be. */
  readonly inFlight: number;
  readonly inFlightMax: number;
  readonly checkpoints: number;
  readonly checkpointFailures: number;
  readonly checkpointBytes: number | null;
  /** When the newest checkpoint of this process was saved, in milliseconds since the epoch. */
  readonly checkpointAtMs: number | null;
  readonly checkpointDurationMs: number | null;
  /** Event time of the newest record learnt, in milliseconds since the epoch. */
  readonly newestTimestampMs: number | null;
}

/** A model that predictions can be asked of. */
export interface ServedModel {
  readonly learner: Pick<Learner, 'inputs' | 'outputs' | 'steps' | 'predict' | 'inputStrengths'>;
  readonly schema: BoundSchema;
}

/** Live access to a run, for whoever shows it. */
export interface RunView {
  readonly name: string;
  /** Whether it learns, or only serves what another process has learnt. */
  readonly role: 'learner' | 'scorer';
  status(): RunStatus;
  /** null until the schema is known and a learner exists. */
  metrics(): MetricsReport | null;
  /** null until then, too. */
  network(): NetworkReport | null;
  readonly recent: Recent;
  /** The model as it is now; null until the schema is known and a learner exists. */
  model(): ServedModel | null;
}
