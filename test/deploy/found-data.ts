// Which queries of the dashboards find data of a run and which cannot, and the wait for it.

import { setTimeout as sleep } from 'node:timers/promises';
import type { PrometheusClient } from '../support/prometheus.ts';

/** How long a run may take until all that should be there is there. */
const patienceMs = 40_000;

const reasons = {
  classification: 'the score is one of classification',
  regression: 'the score is one of regression',
  noTime: 'synthetic records have no time',
  noPartitions: 'the lag is that of Kafka partitions',
  noTransactions: 'only runs over Kafka have transactions',
  noFailure: 'the run has not failed',
  nobodyAsks: 'nobody asks this run for predictions, so there is no mean time',
};

const regressionScores = ['RMSE', 'MAE', 'R²'].map((title) => [`Learning / ${title} / A`, reasons.regression]);
const classificationScores = ['Accuracy', 'Log loss', 'F1', "Cohen's kappa", 'ROC AUC'].map((title) => [
  `Learning / ${title} / A`,
  reasons.classification,
]);
const withoutKafka = [
  ['Learning / Age of the newest record / A', reasons.noTime],
  ['Operation / Lag / A', reasons.noPartitions],
  ['Operation / Lag by partition / A', reasons.noPartitions],
  ['Operation / Transactions by result / A', reasons.noTransactions],
  ['Operation / Mean duration of a transaction / A', reasons.noTransactions],
];
const noFailure = [['Operation / Failures / A', reasons.noFailure]];
const nobodyAsks = [['Operation / Mean duration of a request / A', reasons.nobodyAsks]];

/** The queries that find nothing, by run, each with the reason why it cannot. */
export const emptyBecause = {
  classification: Object.fromEntries([...regressionScores, ...withoutKafka, ...noFailure]),
  regression: Object.fromEntries([...classificationScores, ...withoutKafka, ...noFailure, ...nobodyAsks]),
  kafka: Object.fromEntries([...regressionScores, ...noFailure, ...nobodyAsks]),
};

/** Those of the queries that find nothing, as soon as they are those expected, else after long waiting. */
export async function emptyOnes(
  prometheus: PrometheusClient,
  queries: readonly { key: string; expr: string }[],
  expected: readonly string[],
): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await Promise.all(queries.map(({ expr }) => findsData(prometheus, expr)));
    const empty = queries.filter((_, at) => !found[at]).map(({ key }) => key);
    if (empty.every((key) => expected.includes(key)) || performance.now() > deadline) return empty.toSorted();
    await sleep(500);
  }
}

/** Whether a query finds a number, be it 0. */
async function findsData(prometheus: PrometheusClient, promql: string): Promise<boolean> {
  const series = await prometheus.query(promql);
  return series.some(({ value: [, number] }) => Number.isFinite(Number(number)));
}
