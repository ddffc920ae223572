// Where the partitions that are read now end, for whoever shows the lag: every fetch brings word of it, and where none
// has come for a while (the run is paused, or its outputs are slow) the cluster is asked.

import type { Positions } from '../sample/record.ts';
import type { Watermarks } from './topics.ts';

/** Asked no more often than this. */
const askMs = 5000;

export interface TopicEnds {
  /** Of the owned partitions, those that are known. */
  readonly ends: Positions;
  /** Hears after each join which partitions this member has; what is known of others is dropped. */
  own(partitions: readonly number[]): void;
  /** Hears where a partition ends. */
  see(partition: number, end: number): void;
  /** Asks the cluster, for whoever wants to know. */
  ask(): Promise<Map<number, Watermarks>>;
  /** Asks when nothing was heard for a while, until the function it returns is called. */
  watch(): () => void;
}

/** Nothing is known yet; `watermarks` asks what each partition holds. */
export function createTopicEnds(watermarks: () => Promise<Map<number, Watermarks>>): TopicEnds {
  const ends = new Map<number, number>();
  let owned: ReadonlySet<number> = new Set();
  let heardAtMs = Number.NEGATIVE_INFINITY;
  const see = (partition: number, end: number) => {
    if (!owned.has(partition)) return;
    ends.set(partition, end);
    heardAtMs = Date.now();
  };
  const ask = async () => {
    const held = await watermarks();
    for (const [partition, { latest }] of held) see(partition, latest);
    return held;
  };
  return {
    ends,
    see,
    ask,
    own(partitions) {
      owned = new Set(partitions);
      for (const partition of ends.keys()) if (!owned.has(partition)) ends.delete(partition);
    },
    watch() {
      let asking = false;
      const timer = setInterval(() => {
        if (asking || Date.now() - heardAtMs < askMs) return;
        asking = true;
        // Brokers that do not answer are for the reader to tell of.
        const done = () => {
          asking = false;
        };
        ask().then(done, done);
      }, askMs / 5);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
