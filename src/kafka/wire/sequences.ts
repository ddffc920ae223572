// Sequence numbers by which a broker tells a batch that is sent again from a new one.
// Source: KIP-98.

export interface Sequences {
  /** The number of the next record of `topic/partition`, of which so many follow. */
  take(place: string, records: number): number;
  /** Every place begins with 0 again. */
  clear(): void;
}

/** Nothing was sent yet. */
export function createSequences(): Sequences {
  const next = new Map<string, number>();
  return {
    clear: () => next.clear(),
    take(place, records) {
      const first = next.get(place) ?? 0;
      // They wrap around within 31 bits.
      next.set(place, (first + records) % 0x80000000);
      return first;
    },
  };
}
