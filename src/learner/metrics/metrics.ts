// Prequential metrics of a learner: every labelled sample is scored on the prediction made before it was learnt, and so
// is a baseline that learns nothing. Part of the fold: the figures depend on the samples and their order alone, not on
// how they were cut into blocks, and come back bit for bit from a snapshot.

import type { LossName, TargetType } from '../spec.ts';
import type { StateTensor } from '../state.ts';
import type { Baseline } from './baseline.ts';
import { createMulticlassReader, readBinaryFacts } from './class-facts.ts';
import { CLASS_FACTS, createClassTally } from './class-tally.ts';
import { createErrorReader } from './error-facts.ts';
import { createErrorTally, errorFacts } from './error-tally.ts';
import type { FactReader, Predictions } from './facts.ts';
import { createFigures } from './figures.ts';
import { createMeanBaseline } from './mean-baseline.ts';
import { createPriorBaseline } from './prior-baseline.ts';
import type { MetricsReport, Scores } from './report.ts';
import { SCORE_BINS } from './roc-auc.ts';
import { fromTensors, toTensors } from './state-arrays.ts';
import { createStateRoom, type StateRoom } from './state-room.ts';
import type { Tally } from './tally.ts';

/** Samples turned into facts at a time: bounds the scratch memory. */
const ROWS_MAX = 256;

export interface MetricsOptions {
  readonly target: TargetType;
  /** Output units, as in LearnerSpec. A binary target with several sigmoid outputs has its loss tracked only. */
  readonly outputs: number;
  /** Labelled samples in the sliding window, at least 1. */
  readonly window: number;
  /** Fading factor, above 0 and at most 1. */
  readonly fading: number;
  /**
   * The loss the baseline is charged, so that it compares with the network's: by default cross-entropy for classes and
   * squared for values. A baseline has no figure for huber.
   */
  readonly loss?: LossName;
}

export interface Metrics {
  /**
   * Scores the labelled rows among the first `count`, in order. targets: [count] class indices, or [count × outputs]
   * values in the target's units; labelled: [count]. Keeps none of the arrays.
   */
  update(outcome: Predictions, targets: Float32Array, labelled: Uint8Array, count: number): void;
  report(): MetricsReport;
  /** A copy of the whole state; names start with `metrics.`. */
  snapshot(): StateTensor[];
  /** Replaces the whole state; throws MillraceError('checkpoint-damaged') if an array is missing or misshapen. */
  restore(tensors: readonly StateTensor[]): void;
}

/** What differs between kinds of target. */
interface Kind {
  readonly facts: number;
  readonly read: FactReader;
  readonly createTally: (fading: number) => Tally;
  readonly baseline: Baseline;
  readonly createBaselineTally: (fading: number) => Tally;
}

function errorKind(outputs: number, room: StateRoom): Kind {
  const createTally = (fading: number): Tally => createErrorTally({ outputs, fading, room });
  return {
    facts: errorFacts(outputs),
    read: createErrorReader(outputs),
    createTally,
    baseline: createMeanBaseline(outputs, room),
    createBaselineTally: createTally,
  };
}

function classKind(binary: boolean, classes: number, loss: LossName, room: StateRoom): Kind {
  const bins = binary ? SCORE_BINS : 0;
  return {
    facts: CLASS_FACTS,
    read: binary ? readBinaryFacts : createMulticlassReader(classes),
    createTally: (fading) => createClassTally({ classes, bins, fading, room }),
    baseline: createPriorBaseline({ classes, binary, loss: loss === 'squared' ? 'squared' : 'cross-entropy', room }),
    // All its scores are one tie, so one bin is enough.
    createBaselineTally: (fading) => createClassTally({ classes, bins: binary ? 1 : 0, fading, room }),
  };
}

function kindOf({ target, outputs, loss }: MetricsOptions, room: StateRoom): Kind {
  if (target === 'regression') return errorKind(outputs, room);
  if (target === 'multiclass') return classKind(false, outputs, loss ?? 'cross-entropy', room);
  return outputs === 1 ? classKind(true, 2, loss ?? 'cross-entropy', room) : errorKind(0, room);
}

function checkOptions({ window, fading }: MetricsOptions): void {
  if (!(Number.isInteger(window) && window >= 1)) {
    throw new RangeError(`metrics window is ${window}; it must be a whole number of at least 1`);
  }
  if (!(fading > 0 && fading <= 1)) throw new RangeError(`metrics fading is ${fading}; it must be in (0, 1]`);
}

/** The same arrays under longer names. */
function prefixed(prefix: string, arrays: Readonly<Record<string, Float64Array>>): [string, Float64Array][] {
  return Object.entries(arrays).map(([name, array]) => [prefix + name, array]);
}

/** Metrics of what `room` holds: nothing seen yet, unless it was lent. Throws RangeError on a window or fading factor outside its range. */
export function createMetrics(options: MetricsOptions, room: StateRoom = createStateRoom()): Metrics {
  checkOptions(options);
  const { target, outputs, window, fading, loss } = options;
  const { facts, read, createTally, baseline, createBaselineTally } = kindOf(options, room);
  const model = createFigures({ createTally, facts, window, fading, room });
  const idle = createFigures({ createTally: createBaselineTally, facts, window, fading, room });
  const picked = new Int32Array(ROWS_MAX);
  const rows = new Float64Array(ROWS_MAX * facts);
  const state = Object.fromEntries([
    ...prefixed('metrics.model.', model.state),
    ...prefixed('metrics.baseline.', idle.state),
    ...prefixed('metrics.baseline.', { targets: baseline.state }),
  ]);
  const baselineHasLoss = loss !== 'huber' && (target !== 'binary' || outputs === 1);

  function score(predictions: Predictions, targets: Float32Array, count: number): void {
    read(rows, predictions, targets, picked, count);
    model.add(rows, count);
    baseline.fill(rows, targets, picked, count);
    idle.add(rows, count);
  }

  function ofBaseline(scores: Scores): Scores {
    return baselineHasLoss ? scores : { ...scores, loss: null };
  }

  return {
    update(outcome, targets, labelled, count) {
      let waiting = 0;
      for (let row = 0; row < count; row++) {
        if (labelled[row] !== 1) continue;
        picked[waiting++] = row;
        if (waiting < ROWS_MAX) continue;
        score(outcome, targets, waiting);
        waiting = 0;
      }
      if (waiting > 0) score(outcome, targets, waiting);
    },
    report() {
      const figures = model.report();
      const floor = idle.report();
      return {
        ...figures.cumulative,
        window: { ...figures.window, size: window },
        fading: { ...figures.fading, factor: fading },
        baseline: {
          ...ofBaseline(floor.cumulative),
          window: ofBaseline(floor.window),
          fading: ofBaseline(floor.fading),
        },
      };
    },
    snapshot: () => toTensors(state),
    restore: (tensors) => fromTensors(state, tensors),
  };
}
