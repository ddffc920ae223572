// F1 from the margins of the confusion matrix: a K × K matrix is never needed, so memory grows with K, not K².

import { ratio } from './scores.ts';

/** Sums of weights by class: the diagonal and the two margins of the confusion matrix. Each [classes]. */
export interface ConfusionMargins {
  /** Samples of the class that were predicted as it. */
  readonly hits: Float64Array;
  /** Samples of the class. */
  readonly actual: Float64Array;
  /** Samples predicted as the class. */
  readonly predicted: Float64Array;
}

/** F1 of one class, 2·hits / (actual + predicted) (van Rijsbergen 1979); null if it never occurred nor was predicted. */
export function f1OfClass(margins: ConfusionMargins, label: number): number | null {
  return ratio(2 * margins.hits[label], margins.actual[label] + margins.predicted[label]);
}

/** Unweighted mean of the F1 of the classes that occurred or were predicted, as scikit-learn's `average='macro'`. */
export function macroF1(margins: ConfusionMargins): number | null {
  let sum = 0;
  let count = 0;
  for (let label = 0; label < margins.hits.length; label++) {
    const f1 = f1OfClass(margins, label);
    if (f1 === null) continue;
    sum += f1;
    count++;
  }
  return ratio(sum, count);
}
