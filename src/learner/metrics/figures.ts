// The three views of one predictor: cumulative, over the sliding window, and fading.

import type { Scores } from './report.ts';
import type { StateRoom } from './state-room.ts';
import type { Tally } from './tally.ts';
import { createWindow } from './window.ts';

interface FiguresOptions {
  /** Makes an empty tally with the given fading factor. */
  readonly createTally: (fading: number) => Tally;
  /** Numbers in a fact row. */
  readonly facts: number;
  /** Samples in the sliding window. */
  readonly window: number;
  readonly fading: number;
  readonly room: StateRoom;
}

/** One predictor's scores, three ways. */
export interface Figures {
  /** Takes the first `count` fact rows, in order. */
  add(rows: Float64Array, count: number): void;
  /** Costs O(window): the windowed figures are summed afresh. */
  report(): { cumulative: Scores; window: Scores; fading: Scores };
  /** The arrays that are its whole state, by name; restoring means overwriting them. */
  readonly state: Readonly<Record<string, Float64Array>>;
}

/** Empty figures of one predictor. */
export function createFigures({ createTally, facts, window, fading, room }: FiguresOptions): Figures {
  const cumulative = createTally(1);
  const faded = createTally(fading);
  const windowed = createTally(1);
  const ring = createWindow(window, facts, room);
  return {
    add(rows, count) {
      cumulative.add(rows, 0, count);
      faded.add(rows, 0, count);
      ring.push(rows, count);
    },
    report() {
      windowed.clear();
      ring.visit(windowed.add);
      return { cumulative: cumulative.scores(), window: windowed.scores(), fading: faded.scores() };
    },
    state: {
      cumulative: cumulative.state,
      fading: faded.state,
      'window.rows': ring.rows,
      'window.count': ring.count,
    },
  };
}
