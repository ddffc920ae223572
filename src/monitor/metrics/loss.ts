// The loss as sum and count, so that a query can average it over any time.

import { type Registry, Summary } from 'prom-client';
import type { Family, Moment } from './scrape.ts';

/**
 * millrace_loss_sum and millrace_loss_count: a Prometheus summary without quantiles. prom-client sums what it observes
 * one by one; this one shows the sums that the learner keeps, so that nothing is done for each sample.
 */
class LossSummary extends Summary {
  readonly #moment: () => Moment;

  constructor(registry: Registry, moment: () => Moment) {
    super({
      name: 'millrace_loss',
      help: 'Loss of the learned samples before learning them, as sum and count.',
      percentiles: [],
      registers: [registry],
    });
    this.#moment = moment;
  }

  override async get(): ReturnType<Summary['get']> {
    // Read before anything is awaited, so that it is the same moment as that of the other families.
    const { lossSum, lossCount } = this.#moment().status;
    return {
      ...(await super.get()),
      values: [
        { metricName: 'millrace_loss_sum', labels: {}, value: lossSum },
        { metricName: 'millrace_loss_count', labels: {}, value: lossCount },
      ],
    };
  }
}

/** millrace_loss_sum and millrace_loss_count. */
export function addLossMetric({ registry, moment }: Family): void {
  new LossSummary(registry, moment);
}
