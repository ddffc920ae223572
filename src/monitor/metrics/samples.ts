// What became of the records: learned, scored or rejected, and why rejected.

import { rejectionReasons } from '../../sample/rejection.ts';
import { addCounter, addGauge, addLabelledCounter, type Family } from './scrape.ts';

/** millrace_samples_total, millrace_rejected_total, millrace_replayed_samples_total and millrace_replay_target_samples. */
export function addSampleMetrics(family: Family): void {
  addLabelledCounter(
    family,
    {
      name: 'millrace_samples_total',
      help: 'Records dealt with, by outcome: learned, scored (no label) or rejected.',
      labelNames: ['outcome'],
    },
    ({ status }) => [
      [{ outcome: 'learned' }, status.learned],
      [{ outcome: 'scored' }, status.scored],
      [{ outcome: 'rejected' }, status.rejected],
    ],
  );
  addLabelledCounter(
    family,
    { name: 'millrace_rejected_total', help: 'Records sent to the dead letters, by reason.', labelNames: ['reason'] },
    ({ status }) => {
      const byReason: Readonly<Record<string, number>> = status.rejectedByReason;
      // Every reason from the start, so that the first rejection of a kind is an increase and not a new series.
      return Object.keys(rejectionReasons).map((reason) => [{ reason }, byReason[reason] ?? 0]);
    },
  );
  addCounter(
    family,
    'millrace_replayed_samples_total',
    'Samples learnt again in silence after a restart.',
    ({ status }) => status.replayed,
  );
  addGauge(
    family,
    'millrace_replay_target_samples',
    'Samples that were to be learnt again in all, as far as it is known.',
    ({ status }) => status.replayTotal,
  );
}
