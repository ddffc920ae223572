// One partition on its way through a fetcher, and whether it may be asked for.

export interface Lane {
  readonly partition: number;
  /** idle: may be asked for; asked: a request is on its way; held: what came was not taken yet. */
  state: 'idle' | 'asked' | 'held';
  /** Whoever waits the longest is named first in a request: only the first batch of an answer is sure to come. */
  servedTurn: number;
  failingSinceMs: number | null;
  notBeforeMs: number;
}

/** Before a partition is tried again. */
export const retryPauseMs = 100;

export function createLane(partition: number): Lane {
  return { partition, state: 'idle', servedTurn: 0, failingSinceMs: null, notBeforeMs: 0 };
}

/** The lanes that may be asked for now, the one that waits the longest first. */
export function idleLanes(lanes: readonly Lane[]): Lane[] {
  const nowMs = performance.now();
  return lanes
    .filter(({ state, notBeforeMs }) => state === 'idle' && notBeforeMs <= nowMs)
    .sort((a, b) => a.servedTurn - b.servedTurn);
}

/** Notes a failure that may pass; false where that has been hoped for during `outageMs`. */
export function pauseLane(lane: Lane, outageMs: number): boolean {
  const nowMs = performance.now();
  lane.failingSinceMs ??= nowMs;
  lane.state = 'idle';
  lane.notBeforeMs = nowMs + retryPauseMs;
  return nowMs - lane.failingSinceMs <= outageMs;
}
