// Where the time goes: the stages of a run, and its transactions.

import { stages } from '../../pipeline/timings.ts';
import { transactionResults } from '../../pipeline/transaction-tally.ts';
import { addLabelledCounter, type Family } from './scrape.ts';
import { addSummary } from './summary.ts';

/** millrace_stage_duration_seconds. */
export function addStageMetrics(family: Family): void {
  addSummary(
    family,
    {
      name: 'millrace_stage_duration_seconds',
      help: 'Time that the stages took: learn (a chunk), write (its outputs), commit, checkpoint.',
      labelNames: ['stage'],
    },
    ({ status }) =>
      stages.map((stage) => {
        const { count, ms } = status.stages[stage];
        return { labels: { stage }, sum: ms / 1000, count };
      }),
  );
}

/** millrace_transactions_total and millrace_transaction_duration_seconds: no series where a run is none in transactions. */
export function addTransactionMetrics(family: Family): void {
  addLabelledCounter(
    family,
    {
      name: 'millrace_transactions_total',
      help: 'Transactions by result: committed, failed (aborted) or unknown (looked up by recovery).',
      labelNames: ['result'],
    },
    ({ status: { transactions } }) =>
      transactions ? transactionResults.map((result) => [{ result }, transactions.results[result]]) : [],
  );
  addSummary(
    family,
    {
      name: 'millrace_transaction_duration_seconds',
      help: 'Time from the first write of a transaction to the answer to its commit, of those committed.',
      labelNames: [],
    },
    ({ status: { transactions } }) =>
      transactions ? [{ labels: {}, sum: transactions.time.ms / 1000, count: transactions.time.count }] : [],
  );
}
