// The order of learning since the last commit, as the journal keeps it: runs of one partition are joined.

import type { LearntRange } from './ports.ts';

export interface RangeLog {
  /** Appends a range; one that goes on where the last one ended is joined to it. */
  add(range: LearntRange): void;
  /** What was added since the last call. */
  take(): LearntRange[];
}

/** An empty log. */
export function createRangeLog(): RangeLog {
  let ranges: LearntRange[] = [];
  return {
    add(range) {
      const last = ranges.at(-1);
      if (last?.partition === range.partition && last.to === range.from) {
        ranges[ranges.length - 1] = { ...last, to: range.to, records: last.records + range.records };
      } else ranges.push(range);
    },
    take() {
      const taken = ranges;
      ranges = [];
      return taken;
    },
  };
}
