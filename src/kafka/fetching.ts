// How the records of the partitions that the group has given to this member are fetched: over the wire, or by the
// group's own consumer. The group is kafkajs' with both.

import type { EachBatchHandler } from 'kafkajs';

export interface Fetching {
  /** For the group's consumer. */
  readonly eachBatch: EachBatchHandler;
  /** Hears after each join which partitions this member has, before the group's consumer fetches anything. */
  joined(partitions: readonly number[]): void;
  /** The positions are known: chunks are offered from now on. */
  begin(): void;
  /** Fetches no more. */
  pause(): void;
  close(): Promise<void>;
}
