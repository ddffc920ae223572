// Tries a request again for as long as its failure may pass: leaders move, coordinators load, connections break.

import { setTimeout as sleep } from 'node:timers/promises';
import { findErrorBy } from '@platformatic/kafka';
import { LeaderMissingError, type WireCluster } from './cluster.ts';

const pauseFirstMs = 2;
const pauseMaxMs = 250;

export interface RetryOptions {
  readonly cluster: WireCluster;
  /** How long failures may go on. */
  readonly patienceMs: number;
}

/** The result of `work`, which is tried again, against the cluster as it then is, after failures that may pass. */
export async function withRetries<T>({ cluster, patienceMs }: RetryOptions, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  for (let pauseMs = pauseFirstMs; ; pauseMs = Math.min(2 * pauseMs, pauseMaxMs)) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || performance.now() - startedMs > patienceMs) throw error;
      // "Not yet" says nothing against whom we asked.
      if (!answers(error, 'CONCURRENT_TRANSACTIONS')) cluster.forget();
      await sleep(pauseMs);
    }
  }
}

/** Whether a failure may pass by itself. A fenced producer is never given another chance. */
export function mayPass(error: unknown): boolean {
  if (error instanceof LeaderMissingError) return true;
  return error instanceof Error && !isFencedAnswer(error) && findErrorBy(error, 'canRetry', true) !== null;
}

/** Whether an answer says that another producer of the transactional id has taken over. */
export function isFencedAnswer(error: unknown): boolean {
  return answers(error, 'INVALID_PRODUCER_EPOCH') || answers(error, 'PRODUCER_FENCED');
}

/** Whether an error is, or holds, an answer of Kafka's with this name. */
export function answers(error: unknown, apiId: string): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', apiId) !== null;
}
