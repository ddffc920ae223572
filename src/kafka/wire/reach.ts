// Which partitions a transaction is to reach, and which of them it has taken in: those that it writes to, and those that the
// one before has written to. These are mostly the same, and cost no request of their own. And where a broker that came back
// from a crash has left the one before without markers (take-over.ts), this one's reach as far, and end it.

import type { Place } from '../transactional-producer.ts';

/** The partitions of one transaction after another. */
export interface Reach {
  /** Whether the transaction at hand has taken nothing in yet. */
  readonly isEmpty: boolean;
  /** Notes what the transaction at hand writes to; gives what it is to take in before that. */
  missing(written: readonly Place[]): Place[];
  /** Hears that the coordinator knows of these. */
  takenIn(places: readonly Place[]): void;
  /** The transaction at hand is over. */
  end(): void;
}

/** Nothing is taken in or written yet. */
export function createReach(): Reach {
  const known = new Set<string>();
  let written = new Map<string, Place>();
  let before = new Map<string, Place>();
  return {
    get isEmpty() {
      return known.size === 0;
    },
    missing(places) {
      for (const { topic, partition } of places) written.set(keyOf({ topic, partition }), { topic, partition });
      const wanted = known.size === 0 ? new Map([...before, ...written]) : written;
      return [...wanted].filter(([key]) => !known.has(key)).map(([, place]) => place);
    },
    takenIn(places) {
      for (const place of places) known.add(keyOf(place));
    },
    end() {
      known.clear();
      before = written;
      written = new Map();
    },
  };
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}
