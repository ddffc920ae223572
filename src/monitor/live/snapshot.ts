// What the live page shows of a run at one moment, as JSON.

import type { MetricsReport, Scores } from '../../learner/metrics/report.ts';
import type { RunView, ServedModel } from '../../pipeline/status.ts';
import { columnNames } from '../../sample/schema.ts';
import type { Point } from './history.ts';

/** Inputs that are listed. */
const inputsMax = 10;

/** Which score tells how good the predictions are: accuracy, or RMSE of a regression. */
type QualityName = 'accuracy' | 'rmse';

function qualityName(report: MetricsReport): QualityName | null {
  if (report.window.accuracy !== null) return 'accuracy';
  return report.window.rmse !== null ? 'rmse' : null;
}

/** The figures of the curves. */
export function pointOf(report: MetricsReport | null, atMs: number, samplesPerSecond: number): Point {
  const quality = report && qualityName(report);
  const of = (scores: Scores | undefined) => (scores && quality ? scores[quality] : null);
  return {
    atMs,
    samplesPerSecond,
    loss: report?.window.loss ?? null,
    baselineLoss: report?.baseline.window.loss ?? null,
    quality: of(report?.window),
    baselineQuality: of(report?.baseline.window),
  };
}

/** Everything but the curves. */
export function snapshotOf(view: RunView, report: MetricsReport | null, atMs: number) {
  const {
    rejectedByReason: _,
    newestTimestampMs,
    checkpointAtMs,
    lag,
    transactions,
    stages,
    ...status
  } = view.status();
  return {
    name: view.name,
    role: view.role,
    ...status,
    lag: lag.size > 0 ? [...lag.values()].reduce((sum, records) => sum + records, 0) : null,
    transactions: transactions?.results ?? null,
    checkpointAgeMs: checkpointAtMs === null ? null : atMs - checkpointAtMs,
    newestRecordAgeMs: newestTimestampMs === null ? null : atMs - newestTimestampMs,
    busyMs: Object.fromEntries(Object.entries(stages).map(([stage, { ms }]) => [stage, Math.round(ms)])),
    quality: report && qualityName(report),
    window: report && { size: report.window.size, network: report.window, baseline: report.baseline.window },
    network: view.network(),
    inputs: strongestInputs(view.model()),
    predictions: view.recent.predictions(),
    rejections: view.recent.rejections(),
  };
}

/** The inputs that matter most, the strongest first, as shares of all; null while nobody knows. */
function strongestInputs(model: ServedModel | null): { readonly name: string; readonly share: number }[] | null {
  const strengths = model?.learner.inputStrengths();
  if (!model || !strengths) return null;
  const all = strengths.reduce((sum, strength) => sum + strength, 0);
  if (!(all > 0)) return null;
  const names = columnNames(model.schema);
  return names
    .map((name, column) => ({ name, share: strengths[column] / all }))
    .sort((a, b) => b.share - a.share)
    .slice(0, inputsMax);
}
