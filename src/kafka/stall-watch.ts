// Notices a consumer that fetches at full speed and gets nothing: kafkajs cannot step over a batch that compaction has
// emptied (its issues #562, #1072) and would ask for it for ever.

/** Reports of the consumer's fetch cycle. */
export interface StallWatch {
  fetchStarted(): void;
  fetchEnded(durationMs: number): void;
  batchStarted(): void;
}

/**
 * Calls `onStall` after `fetchesMax` fetches in a row that came back empty long before the broker's waiting time, over
 * at least `minMs`; then counts anew. An idle topic does not look so: there the broker waits before it answers.
 */
export function createStallWatch(options: {
  readonly waitMs: number;
  readonly fetchesMax: number;
  readonly minMs: number;
  readonly now: () => number;
  readonly onStall: () => void;
}): StallWatch {
  let fast = false;
  let empty = true;
  let count = 0;
  let sinceMs = 0;
  return {
    fetchStarted() {
      if (!fast || !empty) count = 0;
      else if (count++ === 0) sinceMs = options.now();
      if (count >= options.fetchesMax && options.now() - sinceMs >= options.minMs) {
        count = 0;
        options.onStall();
      }
      fast = false;
      empty = true;
    },
    fetchEnded(durationMs) {
      fast = durationMs < options.waitMs / 2;
    },
    batchStarted() {
      empty = false;
    },
  };
}
