// What the pipeline is doing: its phase, and how full it is.

import type { RunPhase } from '../../pipeline/status.ts';
import { addCounter, addGauge, addLabelledGauge, type Family } from './scrape.ts';

const phases: Readonly<Record<RunPhase, true>> = {
  starting: true,
  standby: true,
  replaying: true,
  live: true,
  stopping: true,
  stopped: true,
  failed: true,
};

/** millrace_phase, millrace_failure_info, millrace_paused, millrace_recoveries_total, millrace_in_flight_chunks[_limit] and millrace_consumer_lag_records. */
export function addFlowMetrics(family: Family): void {
  addLabelledGauge(
    family,
    { name: 'millrace_phase', help: '1 for the phase that the run is in, 0 for the others.', labelNames: ['phase'] },
    ({ status }) => Object.keys(phases).map((phase) => [{ phase }, phase === status.phase ? 1 : 0]),
  );
  addLabelledGauge(
    family,
    { name: 'millrace_failure_info', help: '1 for the error that the run has ended with.', labelNames: ['code'] },
    ({ status }) => (status.failure === null ? [] : [[{ code: status.failure }, 1]]),
  );
  addGauge(family, 'millrace_paused', '1 while the run has been asked to pause, else 0.', ({ status }) =>
    status.paused ? 1 : 0,
  );
  addCounter(
    family,
    'millrace_recoveries_total',
    'Times that the run has recovered within this process.',
    ({ status }) => status.recoveries,
  );
  addGauge(family, 'millrace_in_flight_chunks', 'Chunks between source and commit.', ({ status }) => status.inFlight);
  addGauge(
    family,
    'millrace_in_flight_chunks_limit',
    'The most chunks that may be between source and commit; at it, the fetch waits.',
    ({ status }) => status.inFlightMax,
  );
  addLabelledGauge(
    family,
    {
      name: 'millrace_consumer_lag_records',
      help: 'Records that wait, for each partition that this process reads. Kafka.',
      labelNames: ['partition'],
    },
    ({ status }) => [...status.lag].map(([partition, records]) => [{ partition: String(partition) }, records]),
  );
}
