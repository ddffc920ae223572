// Takes a transactional id over and ends, for good, whatever its earlier owners have left open.
// The coordinator does so for the partitions that it knows to be in a transaction. But one that comes back from a crash while
// partitions have no leader yet takes them for deleted, calls the transaction complete and never writes their markers
// (Apache Kafka 4.3, TransactionMarkerChannelManager): what was written there would come to light with the next commit.

import type { Place } from '../transactional-producer.ts';
import type { TransactionRequests } from './transaction-requests.ts';
import type { ProducerIdentity } from './wire-producer.ts';

/** How long the abort may go on failing. */
const abortMs = 30_000;

/**
 * Shuts out older producers, aborts on each of `places` and for the group's offsets whatever is still open there, and gives
 * the identity to go on with once the markers of that abort are written.
 */
export async function takeOver(
  requests: TransactionRequests,
  places: readonly Place[],
  timeoutMs: number,
): Promise<ProducerIdentity> {
  const identity = await requests.identify(timeoutMs);
  await requests.addPartitions(identity, places);
  await requests.addOffsets(identity);
  await requests.abort(identity, abortMs);
  return requests.identify(timeoutMs);
}
