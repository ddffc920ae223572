// The public API: a run, its configuration and the learner, for programs that hold them themselves.

export { createSession, type Session, type SessionOptions } from './cli/run/session.ts';
export { checkConfig, type LoadOptions, loadConfig } from './config/load.ts';
export type { Config } from './config/schema.ts';
export { type ErrorCode, errorCatalogue, MillraceError } from './errors.ts';
export { createLearner } from './learner/create-learner.ts';
export type { Learner, Outcome } from './learner/learner.ts';
export type { MetricsReport, Scores } from './learner/metrics/report.ts';
export type { LearnerSpec } from './learner/spec.ts';
export type { RunStatus, RunView } from './pipeline/status.ts';
export type { Block } from './sample/block.ts';
export { version } from './version.ts';
