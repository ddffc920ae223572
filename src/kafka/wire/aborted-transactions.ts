// Which batches of a fetch belong to transactions that were aborted. The broker lists, for what it sends, the producers
// and where their aborted transactions begin; each of them ends with that producer's abort marker in the log.
// Source: KIP-98, "Aborted transactions"; the reading side of Apache Kafka's own consumer.

/** An aborted transaction, from its first offset in the partition to its producer's next abort marker. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface AbortedTransactions {
  /** Whether the producer's transactional batch that ends at `lastOffset` was aborted. Ask in the log's order. */
  covers(producerId: bigint, lastOffset: number): boolean;
  /** Hears of an abort marker at an offset: the producer's later batches are of another transaction. */
  end(producerId: bigint, offset: number): void;
}

export function createAbortedTransactions(listed: readonly AbortedTransaction[]): AbortedTransactions {
  const pending = [...listed].sort((a, b) => b.firstOffset - a.firstOffset);
  const open = new Set<bigint>();
  const reach = (offset: number) => {
    for (let first = pending.at(-1); first && first.firstOffset <= offset; first = pending.at(-1)) {
      open.add(first.producerId);
      pending.pop();
    }
  };
  return {
    covers(producerId, lastOffset) {
      reach(lastOffset);
      return open.has(producerId);
    },
    end(producerId, offset) {
      reach(offset);
      open.delete(producerId);
    },
  };
}
