// Scores the records of an open source with a frozen model, chunk by chunk.

import { createMetrics } from '../../learner/metrics/metrics.ts';
import type { MetricsReport } from '../../learner/metrics/report.ts';
import type { Sinks } from '../../pipeline/plain-delivery.ts';
import type { Source } from '../../pipeline/ports.ts';
import { deadLetterRecord } from '../../sample/dead-letter.ts';
import type { Decoder } from '../../sample/decoder.ts';
import { createPredictionEncoder, type PredictionFields } from '../../sample/encode-prediction.ts';
import type { Chunk } from '../../sample/record.ts';
import type { RejectionReason } from '../../sample/rejection.ts';
import type { FrozenModel } from './frozen-model.ts';

export interface Scoring {
  readonly source: Source;
  readonly decoder: Decoder;
  readonly model: FrozenModel;
  readonly fields: PredictionFields;
  /** Open; null where nothing is written. */
  readonly sinks: Sinks;
  /** Hears of each chunk that is dealt with. */
  readonly onChunk: (chunk: Chunk) => void;
}

/** What became of the records. */
export interface Scored {
  readonly samples: number;
  /** Records that were predicted. */
  readonly scored: number;
  /** Those of them that had a label. */
  readonly labelled: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Partial<Record<RejectionReason, number>>>;
  /** How good the predictions of labelled records are; null where there was none. */
  readonly metrics: MetricsReport | null;
}

/** Scores until the input ends or `signal` aborts. Throws MillraceError. */
export async function score(scoring: Scoring, signal: AbortSignal): Promise<Scored> {
  const { source, decoder, model, fields, sinks, onChunk } = scoring;
  const { learner, spec, schema } = model;
  const { target, outputs, loss, metricsWindow: window, metricsFading: fading } = spec;
  const metrics = createMetrics({ target, outputs, loss, window, fading });
  const encode = createPredictionEncoder(schema.target, fields);
  const rejectedByReason: Partial<Record<RejectionReason, number>> = {};
  let [samples, scored, labelled, rejected] = [0, 0, 0, 0];
  for await (const chunk of source.chunks(new Map(), signal)) {
    const block = decoder.decode(chunk);
    samples += chunk.records.length;
    scored += block.count;
    rejected += block.rejections.length;
    for (const { reason } of block.rejections) rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + 1;
    if (block.count > 0) {
      const outcome = learner.learn(block);
      metrics.update(outcome, block.targets, block.labelled, block.count);
      labelled += block.labelled.subarray(0, block.count).reduce((sum, flag) => sum + flag, 0);
      await sinks.predictions?.write(encode(chunk, block, outcome));
    }
    await sinks.deadLetters?.write(block.rejections.map((rejection) => deadLetterRecord(chunk, rejection)));
    onChunk(chunk);
  }
  const report = labelled > 0 ? metrics.report() : null;
  return { samples, scored, labelled, rejected, rejectedByReason, metrics: report };
}
