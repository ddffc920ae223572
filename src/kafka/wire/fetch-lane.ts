// One partition on its way through a fetcher, whether it may be asked for, and how long an answer may be held back.

export interface Lane {
  readonly partition: number;
  /** idle: may be asked for; asked: a request is on its way; held: what came was not taken yet. */
  state: 'idle' | 'asked' | 'held';
  /** Bytes of what came and was not taken yet. */
  heldBytes: number;
  /** Whether somebody waits for this partition, whatever others have. */
  isAwaited: boolean;
  /** Whoever waits the longest is named first in a request: only the first batch of an answer is sure to come. */
  servedAtMs: number;
  failingSinceMs: number | null;
  notBeforeMs: number;
}

/** How long a broker may hold back an answer while there is nothing to read. */
const idleWaitMs = 500;
/** The same while a partition that cannot be asked for yet may have to be, soon. */
const busyWaitMs = 20;

/** Before a partition is tried again. */
export const retryPauseMs = 100;

/** A lane for each partition: the one that it has among `known`, else a new one. */
export function lanesOf(partitions: readonly number[], known: readonly Lane[]): Lane[] {
  return partitions.map((partition) => known.find((lane) => lane.partition === partition) ?? createLane(partition));
}

function createLane(partition: number): Lane {
  return {
    partition,
    state: 'idle',
    heldBytes: 0,
    isAwaited: false,
    servedAtMs: 0,
    failingSinceMs: null,
    notBeforeMs: 0,
  };
}

/** The lanes that may be asked for now: what somebody waits for, then the one that waits the longest first. */
export function idleLanes(lanes: readonly Lane[]): Lane[] {
  const nowMs = performance.now();
  return lanes
    .filter(({ state, notBeforeMs }) => state === 'idle' && notBeforeMs <= nowMs)
    .sort((a, b) => Number(b.isAwaited) - Number(a.isAwaited) || a.servedAtMs - b.servedAtMs);
}

/** Notes what came, with its bytes, and whether it is of any use to who waits. */
export function holdLane(lane: Lane, bytes: number, isServed: boolean): void {
  lane.failingSinceMs = null;
  lane.heldBytes = bytes;
  if (!isServed) return;
  lane.servedAtMs = performance.now();
  lane.isAwaited = false;
}

/** Notes that it was taken. */
export function freeLane(lane: Lane): void {
  lane.state = 'idle';
  lane.heldBytes = 0;
}

/** Bytes that were not taken yet. */
export function heldBytes(lanes: readonly Lane[]): number {
  return lanes.reduce((sum, lane) => sum + lane.heldBytes, 0);
}

/** Notes a failure that may pass; false where that has been hoped for during `outageMs`. */
export function pauseLane(lane: Lane, outageMs: number): boolean {
  const nowMs = performance.now();
  lane.failingSinceMs ??= nowMs;
  freeLane(lane);
  lane.notBeforeMs = nowMs + retryPauseMs;
  return nowMs - lane.failingSinceMs <= outageMs;
}

/** Waiting times for brokers: short while a partition is held, but longer and longer where it stays so. */
export interface Wait {
  next(lanes: readonly Lane[]): number;
  /** Hears that something was taken. */
  taken(): void;
}

export function createWait(): Wait {
  let heldMs = busyWaitMs;
  return {
    next(lanes) {
      if (lanes.every(({ state }) => state !== 'held')) return idleWaitMs;
      const waitMs = heldMs;
      heldMs = Math.min(2 * heldMs, idleWaitMs);
      return waitMs;
    },
    taken() {
      heldMs = busyWaitMs;
    },
  };
}
