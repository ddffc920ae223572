// Ends an open transaction when its producer is closed: else readers with read_committed wait for it until the next start,
// or until `commit.timeoutMs` is over.

import { setTimeout as sleep } from 'node:timers/promises';
import { isFenced } from './transaction-errors.ts';

/** How long closing a producer may wait for its abort. */
export const abortMs = 2000;

/**
 * Aborts once nothing is under way any more: what comes after an abort would begin a transaction that nobody ends. Not if
 * something under way was fenced: then the transaction is another's. Best effort, for at most 2 s unless said; never rejects.
 */
export async function abortAtClose(
  underWay: readonly Promise<unknown>[],
  abort: () => Promise<void>,
  withinMs = abortMs,
): Promise<void> {
  const over = new AbortController();
  const aborting = async () => {
    const outcomes = await Promise.allSettled(underWay);
    const wasFenced = outcomes.some((outcome) => outcome.status === 'rejected' && isFenced(outcome.reason));
    if (!wasFenced && !over.signal.aborted) await abort();
  };
  const timeout = sleep(withinMs, undefined, { signal: over.signal });
  await Promise.race([timeout, aborting()]).catch(() => {});
  over.abort();
  await timeout.catch(() => {});
}
