// The classifier that learns nothing: the class frequencies so far, without looking at the input. What a network must
// beat to earn its keep.

import type { Baseline } from './baseline.ts';
import { CLASS_FACTS } from './class-tally.ts';
import { logLoss } from './log-loss.ts';
import type { StateRoom } from './state-room.ts';

interface PriorBaselineOptions {
  readonly classes: number;
  /** One output p(class 1) against one for each class: decides ties and the shape of the squared loss. */
  readonly binary: boolean;
  /** Loss the baseline is charged: the network's, so that the two compare. */
  readonly loss: 'cross-entropy' | 'squared';
  readonly room: StateRoom;
}

/**
 * Class c has probability (n_c + 1) / (n + classes) before each sample (Laplace's rule, uniform at the start), and the
 * majority class is predicted: ties go to the lowest class, or to class 1 of a binary target, as p ≥ 0.5 does. All samples
 * score alike, so its ROC AUC is ½. Its state is n_c + 1 by class, then the sum of their squares. [classes + 1]
 */
export function createPriorBaseline({ classes, binary, loss, room }: PriorBaselineOptions): Baseline {
  const state = room(classes + 1, (counts) => {
    counts.fill(1);
    counts[classes] = classes;
  });

  /** Whether class `label` is predicted rather than `other`. */
  function beats(label: number, other: number): boolean {
    if (state[label] !== state[other]) return state[label] > state[other];
    return binary ? label > other : label < other;
  }

  function majority(): number {
    let best = 0;
    for (let label = 1; label < classes; label++) if (beats(label, best)) best = label;
    return best;
  }

  /** ½(1 − p)² for the one output of a binary target, else ½ Σ (onehot − p)² over all. */
  function squaredLoss(probability: number, total: number): number {
    if (binary) return ((1 - probability) * (1 - probability)) / 2;
    return (1 - 2 * probability + state[classes] / (total * total)) / 2;
  }

  return {
    state,
    fill(rows, targets, picked, count) {
      let total = 0;
      for (let label = 0; label < classes; label++) total += state[label];
      let guess = majority();
      for (let index = 0; index < count; index++) {
        const label = targets[picked[index]];
        const probability = state[label] / total;
        const nats = logLoss(probability);
        const row = index * CLASS_FACTS;
        rows[row] = label;
        rows[row + 1] = guess;
        rows[row + 2] = 0;
        rows[row + 3] = loss === 'squared' ? squaredLoss(probability, total) : nats;
        rows[row + 4] = nats;
        state[classes] += 2 * state[label] + 1;
        state[label]++;
        total++;
        if (label !== guess && beats(label, guess)) guess = label;
      }
    },
  };
}
