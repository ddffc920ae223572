// The learning curve of a stream: what the windowed figures are every so many records, the model's beside the baseline's.

import type { Scores } from '../../learner/metrics/report.ts';
import type { Fold } from '../../pipeline/fold.ts';
import { type Chunk, takeRecords } from '../../sample/record.ts';

/** One moment of the stream. */
export interface CurvePoint {
  /** Records dealt with so far. */
  readonly samples: number;
  readonly model: Scores;
  readonly baseline: Scores;
}

/** Records between two points at first; doubled whenever there are more points than are kept. */
const firstStep = 10;
const pointsMax = 400;

/** Learns up to `samples` records of the chunks and notes the figures on the way, 400 points at most. */
export async function traceCurve(fold: Fold, chunks: AsyncIterable<Chunk>, samples: number): Promise<CurvePoint[]> {
  let points: CurvePoint[] = [];
  let step = firstStep;
  const note = (): void => {
    const report = fold.learner?.metrics();
    if (!report || report.window.samples === 0 || points.at(-1)?.samples === fold.sequence) return;
    const { size: _, ...model } = report.window;
    points.push({ samples: fold.sequence, model, baseline: report.baseline.window });
    if (points.length <= pointsMax) return;
    step *= 2;
    points = points.filter((point) => point.samples % step === 0);
  };
  for await (const whole of chunks) {
    let rest = takeRecords(whole, samples - fold.sequence);
    while (rest.records.length > 0) {
      const part = takeRecords(rest, step - (fold.sequence % step));
      fold.replay(part);
      rest = { ...rest, records: rest.records.slice(part.records.length, rest.records.length) };
      if (fold.sequence % step === 0) note();
    }
    if (fold.sequence >= samples) break;
  }
  note();
  return points;
}
