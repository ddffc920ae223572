// Facts of regression: the error and the target of each output. With no outputs, the loss alone.

import { errorFacts } from './error-tally.ts';
import type { FactReader } from './facts.ts';
import { bounded } from './tally.ts';

/** Reads `outputs` predictions in the target's units. */
export function createErrorReader(outputs: number): FactReader {
  const facts = errorFacts(outputs);
  return (rows, predictions, targets, picked, count) => {
    for (let index = 0; index < count; index++) {
      const sample = picked[index];
      const row = index * facts;
      rows[row] = bounded(predictions.losses[sample]);
      for (let k = 0; k < outputs; k++) {
        const target = targets[sample * outputs + k];
        rows[row + 1 + 2 * k] = bounded(predictions.outputs[sample * outputs + k] - target);
        rows[row + 2 + 2 * k] = target;
      }
    }
  };
}
