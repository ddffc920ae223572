// Sums and counts that the run keeps, as Prometheus summaries without quantiles, so that a query can average them over
// any time.

import { type Registry, Summary } from 'prom-client';
import type { Family, Moment } from './scrape.ts';

/** A sum and a count that go with a value of each label. */
export interface SumReading<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly sum: number;
  readonly count: number;
}

interface SumMetric<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
}

/** prom-client sums what it observes one by one; this one shows sums that are there, so that nothing is done for each sample. */
class ReadSummary<Label extends string> extends Summary {
  readonly #read: () => readonly SumReading<Label>[];
  readonly #name: string;

  constructor(registry: Registry, metric: SumMetric<Label>, read: () => readonly SumReading<Label>[]) {
    super({ ...metric, labelNames: [...metric.labelNames], percentiles: [], registers: [registry] });
    this.#name = metric.name;
    this.#read = read;
  }

  override async get(): ReturnType<Summary['get']> {
    // Read before anything is awaited, so that it is the same moment as that of the other families.
    const readings = this.#read();
    const values = readings.flatMap(({ labels, sum, count }) => [
      { metricName: `${this.#name}_sum`, labels: { ...labels }, value: sum },
      { metricName: `${this.#name}_count`, labels: { ...labels }, value: count },
    ]);
    return { ...(await super.get()), values };
  }
}

/** `NAME_sum` and `NAME_count` for each combination of labels, read at each scrape. */
export function addSummary<Label extends string>(
  { registry, moment }: Family,
  metric: SumMetric<Label>,
  read: (moment: Moment) => readonly SumReading<Label>[],
): void {
  new ReadSummary(registry, metric, () => read(moment()));
}
