// Lets the chunks of a synthetic stream out at a human pace. It decides when, never what.

const CHUNKS_PER_SECOND = 25;
const CHUNK_RECORDS_MAX = 1000;
/** Longest time at full speed without a turn of the event loop. */
const TURN_MS = 200;
/** Lag beyond which the pace starts afresh, so that a sink that was slow for a while is not flooded afterwards. */
const LAG_MAX_MS = 1000;

export interface Pace {
  /** Records to a chunk. */
  readonly chunkRecords: number;
  /** Resolves when the next `records` are due, or as soon as `signal` aborts. */
  wait(records: number, signal: AbortSignal): Promise<void>;
}

/** Full speed without `samplesPerSecond`; even then other work gets its turn every now and then. */
export function createPace(samplesPerSecond: number | undefined): Pace {
  if (samplesPerSecond === undefined) return { chunkRecords: CHUNK_RECORDS_MAX, wait: createTurns() };
  let dueMs: number | null = null;
  return {
    chunkRecords: Math.min(CHUNK_RECORDS_MAX, Math.max(1, Math.round(samplesPerSecond / CHUNKS_PER_SECOND))),
    async wait(records, signal) {
      const nowMs = performance.now();
      if (dueMs === null || nowMs - dueMs > LAG_MAX_MS) dueMs = nowMs;
      const delayMs = dueMs - nowMs;
      dueMs += (records * 1000) / samplesPerSecond;
      if (delayMs < 1) return nextTurn();
      await pause(delayMs, signal);
    },
  };
}

/** Waits for a turn of the event loop where there was none for long: whoever takes the chunks may give it turns itself. */
function createTurns(): () => Promise<void> {
  let turnedAtMs = performance.now();
  let next: Promise<void> | null = null;
  return async () => {
    next ??= nextTurn().then(() => {
      turnedAtMs = performance.now();
      next = null;
    });
    if (performance.now() - turnedAtMs > TURN_MS) await next;
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Resolves after a while, or as soon as `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
