// A learner's state in the hands of another thread: the same memory, the same arithmetic, hence the same bits.

import { createLayout } from '../kernels/layout.ts';
import { attachWasmKernel } from '../kernels/wasm/wasm-kernel.ts';
import type { BlockRows } from '../sample/block.ts';
import { createBlockLearner } from './block-learner.ts';
import type { LearnerShare, Outcome } from './learner.ts';
import { createMetrics, type MetricsOptions } from './metrics/metrics.ts';
import { lentStateRoom } from './metrics/state-room.ts';
import type { LearnerSpec } from './spec.ts';

/** What the metrics of a learner need to know of it. */
export function metricsOptions(spec: LearnerSpec): MetricsOptions {
  const { target, outputs, loss, metricsWindow, metricsFading } = spec;
  return { target, outputs, loss, window: metricsWindow, fading: metricsFading };
}

/**
 * Learns and scores blocks with a learner's state, into arrays of the given outcome. From the first of them on, nobody else
 * may learn with it, nor look at it while one is being learnt.
 */
export function attachLearner(share: LearnerShare): (rows: BlockRows, outcome: Outcome) => void {
  const { spec } = share;
  const kernel = attachWasmKernel(share.kernel, createLayout(spec));
  kernel.refresh();
  const learn = createBlockLearner(kernel);
  const metrics = createMetrics(metricsOptions(spec), lentStateRoom(share.metrics));
  return (rows, outcome) => {
    learn(rows, outcome);
    metrics.update(outcome, rows.targets, rows.labelled, rows.count);
  };
}
