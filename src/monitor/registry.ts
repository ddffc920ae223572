// All metrics of a run in one registry of its own. They are pulled from the run when scraped; docs/metrics.md lists
// each of them and a test holds page and registry together.

import { collectDefaultMetrics, Registry } from 'prom-client';
import type { RunView } from '../pipeline/status.ts';
import { createInferenceTally, type InferenceTally } from './inference/tally.ts';
import { addBuildInfo } from './metrics/build-info.ts';
import { addCheckpointMetrics } from './metrics/checkpoints.ts';
import { addStageMetrics, addTransactionMetrics } from './metrics/durations.ts';
import { addFlowMetrics } from './metrics/flow.ts';
import { addInferenceMetrics } from './metrics/inference.ts';
import { addLossMetric } from './metrics/loss.ts';
import { addModelMetrics, addNetworkMetrics } from './metrics/model.ts';
import { addQualityMetrics } from './metrics/quality.ts';
import { addSampleMetrics } from './metrics/samples.ts';
import { createMomentReader, type Family } from './metrics/scrape.ts';

export interface MetricsRegistryOptions {
  readonly view: RunView;
  /** Version of the package, for millrace_build_info. */
  readonly version: string;
  /** Counts the requests for predictions; none come unless said. */
  readonly inference?: InferenceTally;
}

/** The metrics of a run (prefix `millrace_`) and Node's default ones (`process_`, `nodejs_`). */
export function createMetricsRegistry({ view, version, inference }: MetricsRegistryOptions): Registry {
  const registry = new Registry();
  const family: Family = { registry, moment: createMomentReader(view) };
  addSampleMetrics(family);
  addLossMetric(family);
  addQualityMetrics(family);
  addModelMetrics(family);
  addNetworkMetrics(family);
  addFlowMetrics(family);
  addStageMetrics(family);
  addTransactionMetrics(family);
  addCheckpointMetrics(family);
  addInferenceMetrics(family, inference ?? createInferenceTally());
  addBuildInfo(family, version, view.name);
  collectDefaultMetrics({ register: registry });
  return registry;
}
