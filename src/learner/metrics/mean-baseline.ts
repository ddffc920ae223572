// The regressor that learns nothing: the mean of the targets so far, 0 before the first.

import type { Baseline } from './baseline.ts';
import { errorFacts } from './error-tally.ts';
import type { StateRoom } from './state-room.ts';

/**
 * Predicts each output's running mean (Welford's recurrence) and is charged ½ Σ (ŷ − y)².
 * Its state is the number of targets, then the means. [1 + outputs]
 */
export function createMeanBaseline(outputs: number, room: StateRoom): Baseline {
  const facts = errorFacts(outputs);
  const state = room(1 + outputs);
  return {
    state,
    fill(rows, targets, picked, count) {
      for (let index = 0; index < count; index++) {
        const row = index * facts;
        const source = picked[index] * outputs;
        let squared = 0;
        state[0]++;
        for (let k = 0; k < outputs; k++) {
          const target = targets[source + k];
          const error = state[1 + k] - target;
          rows[row + 1 + 2 * k] = error;
          rows[row + 2 + 2 * k] = target;
          squared += error * error;
          state[1 + k] -= error / state[0];
        }
        rows[row] = squared / 2;
      }
    },
  };
}
