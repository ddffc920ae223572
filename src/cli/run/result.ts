// What a run tells when it ends: the line of `--json`, and the same in words.

import type { MetricsReport, Scores } from '../../learner/metrics/report.ts';
import type { RecentRejection } from '../../pipeline/recent.ts';
import type { RunStatus } from '../../pipeline/status.ts';

/** Counts are of this run, modelVersion, weightsDigest and metrics of the model. */
export interface RunResult {
  readonly name: string;
  readonly samples: number;
  readonly learned: number;
  readonly scored: number;
  readonly rejected: number;
  readonly replayed: number;
  readonly seconds: number;
  /** The part of it in which records were dealt with: without connecting, recovering and closing. */
  readonly liveSeconds: number;
  readonly modelVersion: number;
  readonly refusedSteps: number;
  /** null where no record ever told what the features are. */
  readonly weightsDigest: string | null;
  readonly metrics: MetricsReport | null;
  /** The newest checkpoint of this run, or null. */
  readonly checkpoint: string | null;
}

/** The result in words, for a terminal; `rejection` is the newest, as an example. */
export function describeResult(result: RunResult, status: RunStatus, rejection: RecentRejection | null = null): string {
  const { samples, learned, scored, rejected, seconds, metrics } = result;
  const rate = seconds > 0 ? Math.round(samples / seconds) : 0;
  const reasons = Object.entries(status.rejectedByReason).map(([reason, count]) => `${count} ${reason}`);
  const lines = [
    `${samples} records in ${seconds.toFixed(1)} s (${rate}/s): ${learned} learnt, ${scored} only predicted, ${rejected} rejected` +
      (reasons.length > 0 ? ` (${reasons.join(', ')})` : ''),
  ];
  if (rejection)
    lines.push(
      `the newest rejected record: partition ${rejection.partition}, offset ${rejection.offset}: ${rejection.message}`,
    );
  if (samples > 0 && rejected === samples)
    lines.push('nothing was learnt: every record was rejected; docs/errors.md tells the reasons');
  if (learned === 0 && scored > 0) lines.push('nothing was learnt: no record has a label at `schema.target.from`');
  if (metrics && metrics.samples > 0) lines.push(`prequential: ${scoresInWords(metrics)}`);
  if (metrics && metrics.samples > 0) lines.push(`baseline:    ${scoresInWords(metrics.baseline)}`);
  lines.push(`model version ${result.modelVersion}, weights ${result.weightsDigest ?? 'none: no sample was read'}`);
  if (result.checkpoint) lines.push(`checkpoint ${result.checkpoint}`);
  return lines.join('\n');
}

/** Loss, accuracy and RMSE, as far as there are any. */
export function scoresInWords({ loss, accuracy, rmse }: Scores): string {
  const parts = [
    loss === null ? null : `loss ${loss.toFixed(4)}`,
    accuracy === null ? null : `accuracy ${(100 * accuracy).toFixed(2)} %`,
    rmse === null ? null : `RMSE ${rmse.toPrecision(4)}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
