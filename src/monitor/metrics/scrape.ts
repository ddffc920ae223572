// What the metric families read: the run at one moment, the same for all families of one scrape.

import { Counter, Gauge, type Registry } from 'prom-client';
import type { MetricsReport } from '../../learner/metrics/report.ts';
import type { NetworkReport } from '../../learner/network-report.ts';
import type { RunStatus, RunView } from '../../pipeline/status.ts';

/** The run at the moment of a scrape. */
export interface Moment {
  readonly status: RunStatus;
  /** null until a learner exists. */
  readonly report: MetricsReport | null;
  readonly network: NetworkReport | null;
}

/** What a family is made with: where it registers, and how it reads the run. */
export interface Family {
  readonly registry: Registry;
  readonly moment: () => Moment;
}

/** A reading that goes with a value of each label. */
export type Reading<Label extends string> = readonly [labels: Readonly<Record<Label, string>>, value: number];

/**
 * Reads the view once for each scrape: prom-client asks all families in one go, synchronously, so what was read stays
 * valid until the next microtask. Nothing is counted for each sample, and the figures of a scrape fit together.
 */
export function createMomentReader(view: RunView): () => Moment {
  let current: Moment | null = null;
  return () => {
    if (current === null) {
      current = { status: view.status(), report: view.metrics(), network: view.network() };
      queueMicrotask(() => {
        current = null;
      });
    }
    return current;
  };
}

/** A counter without labels, read at each scrape. Its name ends in `_total`. */
export function addCounter(family: Family, name: string, help: string, read: (moment: Moment) => number): void {
  new Counter({
    name,
    help,
    registers: [family.registry],
    collect() {
      this.reset();
      this.inc(read(family.moment()));
    },
  });
}

/** A counter with a series for each value of its label, read at each scrape. */
export function addLabelledCounter<Label extends string>(
  family: Family,
  metric: { name: string; help: string; labelNames: Label[] },
  read: (moment: Moment) => readonly Reading<Label>[],
): void {
  new Counter<string>({
    ...metric,
    registers: [family.registry],
    collect() {
      this.reset();
      for (const [labels, value] of read(family.moment())) this.inc(labels, value);
    },
  });
}

/** A gauge, read at each scrape; it has no series while the value is null. */
export function addGauge(family: Family, name: string, help: string, read: (moment: Moment) => number | null): void {
  new Gauge({
    name,
    help,
    registers: [family.registry],
    collect() {
      const value = read(family.moment());
      if (value === null) this.remove();
      else this.set(value);
    },
  });
}

/** A gauge with a series for each combination of labels that has a value, read at each scrape. */
export function addLabelledGauge<Label extends string>(
  family: Family,
  metric: { name: string; help: string; labelNames: Label[] },
  read: (moment: Moment) => readonly Reading<Label>[],
): void {
  new Gauge<string>({
    ...metric,
    registers: [family.registry],
    collect() {
      this.reset();
      for (const [labels, value] of read(family.moment())) this.set(labels, value);
    },
  });
}
