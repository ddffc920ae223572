// Sees to it that a commit has reached every partition that it is of, and not only the coordinator's log (take-over.ts tells
// why that is not the same). The next transaction begins after that: else its own end would be that of both.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, placeInWords } from '../place.ts';
import type { WireCluster } from './cluster.ts';
import { partitionEnds } from './partition-ends.ts';
import { withRetries } from './retry.ts';

/** How long markers may be missing where every partition has a leader. */
const missingMs = 5000;
const pauseMaxMs = 50;

/** A partition, and the offset of the newest record written to it. */
export interface Written extends Place {
  readonly offset: number;
}

/** Resolves once something follows the newest record of each partition. Rejects where nothing does, or for want of leaders. */
export async function untilMarked(
  cluster: WireCluster,
  written: readonly Written[],
  patienceMs: number,
): Promise<void> {
  const startedMs = performance.now();
  let missing = written;
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, pauseMaxMs)) {
    const waiting = missing;
    const ends = await withRetries({ cluster, patienceMs }, () => partitionEnds(cluster, waiting, 'written'));
    missing = waiting.filter(({ offset }, index) => ends[index] <= offset + 1);
    if (missing.length === 0) return;
    if (performance.now() - startedMs > missingMs) {
      throw new Error(`its end was not written to ${missing.map(placeInWords).join(', ')}`);
    }
    await sleep(pauseMs);
  }
}
