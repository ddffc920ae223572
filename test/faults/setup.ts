// One broker for the cases that do no harm to it; started once, before the first of them.

import type { TestProject } from 'vitest/node';
import { startProcessCluster } from '../support/process-broker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly faultBrokers: string[];
    /** Longer runs, with more faults. */
    readonly long: boolean;
    readonly seed: number;
    /** Ways of writing to Kafka, by their names in the configuration. */
    readonly producers: readonly string[];
  }
}

/** What every cluster of the suite needs: sessions and transactions that are over soon. */
export const impatient = {
  'group.min.session.timeout.ms': 500,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': 500,
};

// biome-ignore lint/style/noDefaultExport: vitest takes a default export
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startProcessCluster({ properties: impatient });
  project.provide('faultBrokers', cluster.brokers);
  return () => cluster.stop();
}
