// The checkpoints of this process: how many, how large, how long, and when the newest.

import { addCounter, addGauge, type Family } from './scrape.ts';

/** millrace_checkpoints_total, millrace_checkpoint_failures_total and millrace_checkpoint_{size_bytes,duration_seconds,timestamp_seconds}. */
export function addCheckpointMetrics(family: Family): void {
  addCounter(family, 'millrace_checkpoints_total', 'Checkpoints saved.', ({ status }) => status.checkpoints);
  addCounter(
    family,
    'millrace_checkpoint_failures_total',
    'Checkpoints that could not be saved.',
    ({ status }) => status.checkpointFailures,
  );
  addGauge(
    family,
    'millrace_checkpoint_size_bytes',
    'Size of the newest checkpoint.',
    ({ status }) => status.checkpointBytes,
  );
  addGauge(
    family,
    'millrace_checkpoint_duration_seconds',
    'Time it took to save the newest checkpoint.',
    ({ status }) => (status.checkpointDurationMs === null ? null : status.checkpointDurationMs / 1000),
  );
  addGauge(
    family,
    'millrace_checkpoint_timestamp_seconds',
    'When the newest checkpoint was saved, in seconds since the epoch.',
    ({ status }) => (status.checkpointAtMs === null ? null : status.checkpointAtMs / 1000),
  );
}
