// Takes a transactional id over and ends, for good, whatever its earlier owners have left open.
// The coordinator does so for the partitions that it knows to be in a transaction. But it takes a partition that has no leader
// at that moment for a deleted one, skips its marker and calls the transaction complete (Apache Kafka 4.3,
// TransactionMarkerChannelManager): a lone broker that comes back from a crash does so to all of them. What was written there
// stays open, and would share the fate of the same producer's next transaction. Here it gets the one that it was to have.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, placeInWords } from '../place.ts';
import type { WireCluster } from './cluster.ts';
import { partitionEnds } from './partition-ends.ts';
import { withRetries } from './retry.ts';
import type { TransactionRequests } from './transaction-requests.ts';
import type { ProducerIdentity } from './wire-producer.ts';

/** How long partitions may be without a leader, and each request may go on failing. */
const patienceMs = 60_000;
/** How often markers are written anew that were skipped once more. */
const triesMax = 20;
const pauseMs = 500;

export interface TakeOverOptions {
  readonly cluster: WireCluster;
  readonly requests: TransactionRequests;
  /** Every partition that may have been written to. */
  readonly places: readonly Place[];
  readonly timeoutMs: number;
}

/**
 * Shuts out older producers; then commits what they have left open, offsets of the group too, if their last transaction was
 * committed, else aborts it. Gives the identity to go on with.
 */
export async function takeOver({ cluster, requests, places, timeoutMs }: TakeOverOptions): Promise<ProducerIdentity> {
  // Asked before: a new identity makes the coordinator forget it.
  const last = await requests.describe();
  let identity = await requests.identify(timeoutMs);
  // Where an older producer has begun another since, that one was aborted, and the epoch raised once more.
  const isCommitted = last?.isCommitted === true && last.id === identity.id && last.epoch + 1 === identity.epoch;
  let open = await openPlaces(cluster, places);
  for (let tries = 1; ; tries++) {
    const before = await ends(cluster, open);
    if (open.length > 0) await requests.addPartitions(identity, open);
    await requests.addOffsets(identity);
    await (isCommitted ? requests.commit(identity) : requests.abort(identity, patienceMs));
    // Answered once the coordinator calls that transaction complete.
    identity = await requests.identify(timeoutMs);
    const after = await ends(cluster, open);
    open = open.filter((_, index) => after[index] === before[index]);
    if (open.length === 0) return identity;
    if (tries === triesMax)
      throw new Error(`${open.map(placeInWords).join(', ')} cannot be freed of a transaction that is open there`);
    await sleep(pauseMs);
  }
}

async function openPlaces(cluster: WireCluster, places: readonly Place[]): Promise<Place[]> {
  // In this order: what another producer ends in between is not taken for open.
  const written = await ends(cluster, places);
  const stable = await ends(cluster, places, 'stable');
  return places.filter((_, index) => stable[index] < written[index]);
}

function ends(cluster: WireCluster, places: readonly Place[], kind: 'written' | 'stable' = 'written') {
  return withRetries({ cluster, patienceMs }, () => partitionEnds(cluster, places, kind));
}
