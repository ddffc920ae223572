// The loss as sum and count, so that a query can average it over any time.

import type { Family } from './scrape.ts';
import { addSummary } from './summary.ts';

/** millrace_loss_sum and millrace_loss_count. */
export function addLossMetric(family: Family): void {
  addSummary(
    family,
    {
      name: 'millrace_loss',
      help: 'Loss of the learned samples before learning them, as sum and count.',
      labelNames: [],
    },
    ({ status }) => [{ labels: {}, sum: status.lossSum, count: status.lossCount }],
  );
}
