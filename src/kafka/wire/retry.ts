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

/**
 * Whether a failure may pass by itself: where it holds several, all of them that say something. A fenced producer is never
 * given another chance.
 */
export function mayPass(error: unknown): boolean {
  const said = verdicts(error);
  return said.length > 0 && said.every(Boolean) && !isFencedAnswer(error);
}

/** What a failure and those that it holds say of whether they may pass. What has caused one that says so itself does not count. */
function verdicts(error: unknown): boolean[] {
  if (error instanceof LeaderMissingError) return [true];
  // Kafka leaves undone what came together with something that failed; that has a verdict of its own.
  if (!(error instanceof Error) || ('apiId' in error && error.apiId === 'OPERATION_NOT_ATTEMPTED')) return [];
  const own = 'canRetry' in error && typeof error.canRetry === 'boolean' ? [error.canRetry] : [];
  return error instanceof AggregateError ? [...own, ...error.errors.flatMap(verdicts)] : own;
}

/** Whether an answer says that another producer of the transactional id has taken over. */
export function isFencedAnswer(error: unknown): boolean {
  return answers(error, 'INVALID_PRODUCER_EPOCH') || answers(error, 'PRODUCER_FENCED');
}

/** Whether an error is, or holds, an answer of Kafka's with this name. */
export function answers(error: unknown, apiId: string): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', apiId) !== null;
}
