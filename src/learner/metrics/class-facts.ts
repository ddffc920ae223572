// Facts of classification: which class was predicted, how likely the true one was held, and in which bin the score lies.

import { CLASS_FACTS } from './class-tally.ts';
import type { FactReader } from './facts.ts';
import { logLoss } from './log-loss.ts';
import { scoreBin } from './roc-auc.ts';
import { bounded } from './tally.ts';

/** Reads one output p(class 1); class 1 is predicted when p ≥ 0.5. */
export const readBinaryFacts: FactReader = (rows, { outputs, losses }, targets, picked, count) => {
  for (let index = 0; index < count; index++) {
    const sample = picked[index];
    const row = index * CLASS_FACTS;
    const label = targets[sample];
    const probability = outputs[sample];
    rows[row] = label;
    rows[row + 1] = probability >= 0.5 ? 1 : 0;
    rows[row + 2] = scoreBin(probability);
    rows[row + 3] = bounded(losses[sample]);
    rows[row + 4] = logLoss(label === 1 ? probability : 1 - probability);
  }
};

/** Reads `classes` probabilities; the largest is predicted, ties go to the lowest class. */
export function createMulticlassReader(classes: number): FactReader {
  return (rows, { outputs, losses }, targets, picked, count) => {
    for (let index = 0; index < count; index++) {
      const sample = picked[index];
      const row = index * CLASS_FACTS;
      const first = sample * classes;
      let best = 0;
      for (let label = 1; label < classes; label++) if (outputs[first + label] > outputs[first + best]) best = label;
      rows[row] = targets[sample];
      rows[row + 1] = best;
      rows[row + 2] = 0;
      rows[row + 3] = bounded(losses[sample]);
      rows[row + 4] = logLoss(outputs[first + targets[sample]]);
    }
  };
}
