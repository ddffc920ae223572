// The curves of the live page: a few hundred points over the whole run, closer together while it is young.

/** The figures of one moment; null where there is none. */
export interface Point {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly loss: number | null;
  readonly baselineLoss: number | null;
  /** Accuracy, or RMSE of a regression. */
  readonly quality: number | null;
  readonly baselineQuality: number | null;
  readonly samplesPerSecond: number;
}

export interface History {
  readonly points: readonly Point[];
  /** Takes a point if enough time has passed since the last one; tells whether it did, and whether others went for it. */
  add(point: Point): 'skipped' | 'added' | 'thinned';
}

export interface HistoryOptions {
  /** Least time between two points to begin with. */
  readonly everyMs: number;
  /** An even number. */
  readonly pointsMax?: number;
}

/** No points yet. Full, it drops every second one and takes half as many from then on. */
export function createHistory({ everyMs, pointsMax = 600 }: HistoryOptions): History {
  let points: Point[] = [];
  let intervalMs = everyMs;
  return {
    get points() {
      return points;
    },
    add(point) {
      const last = points.at(-1);
      // Timers are late or early by a little.
      if (last && point.atMs - last.atMs < intervalMs - everyMs / 2) return 'skipped';
      const isFull = points.length === pointsMax;
      if (isFull) {
        points = points.filter((_, index) => index % 2 === 0);
        intervalMs *= 2;
      }
      points.push(point);
      return isFull ? 'thinned' : 'added';
    },
  };
}
