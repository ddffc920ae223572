// What `millrace predict` tells when it ends.

import { scoresInWords } from '../run/result.ts';
import type { Scored } from './score.ts';

/** The line of `--json`. */
export interface PredictResult extends Scored {
  readonly seconds: number;
  readonly modelVersion: number;
  readonly weightsDigest: string;
  /** The checkpoint's path. */
  readonly checkpoint: string;
}

/** The same in words. */
export function describePrediction(result: PredictResult): string {
  const { samples, scored, rejected, rejectedByReason, labelled, metrics, seconds } = result;
  const rate = Math.round(samples / Math.max(seconds, 1e-3));
  const reasons = Object.entries(rejectedByReason).map(([reason, count]) => `${count} ${reason}`);
  const lines = [
    `${samples} records in ${seconds.toFixed(1)} s (${rate}/s): ${scored} predicted, ${rejected} rejected` +
      (reasons.length > 0 ? ` (${reasons.join(', ')})` : ''),
  ];
  if (metrics) {
    lines.push(`of ${labelled} with a label: ${scoresInWords(metrics)}`);
    lines.push(`baseline:    ${scoresInWords(metrics.baseline)}`);
  }
  lines.push(`model version ${result.modelVersion} of checkpoint ${result.checkpoint}`);
  return lines.join('\n');
}
