// What became of a run's transactions, and how long those that were committed took.

import { type ErrorCode, MillraceError } from '../errors.ts';
import type { Delivery } from './ports.ts';
import type { Timing } from './timings.ts';

/** `failed`: aborted, nothing of it counts; `unknown`: a broker did not say, and recovery looks it up. */
export const transactionResults = ['committed', 'failed', 'unknown'] as const;

export type TransactionResult = (typeof transactionResults)[number];

export interface TransactionTally {
  readonly results: Readonly<Record<TransactionResult, number>>;
  /** From the first write to the answer to the commit, of those that were committed. */
  readonly time: Timing;
}

export interface TransactionCounter extends TransactionTally {
  /** The same delivery, counted. */
  count(delivery: Delivery): Delivery;
}

/** Failures after which a transaction is as good as aborted. */
const failures: readonly ErrorCode[] = ['transaction-failed', 'fenced'];

/** A counter of one run, whose attempts at it all count. */
export function createTransactionCounter(): TransactionCounter {
  const results = { committed: 0, failed: 0, unknown: 0 };
  const time = { count: 0, ms: 0 };
  const counting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'commit-unknown') results.unknown++;
      else if (error instanceof MillraceError && failures.includes(error.code)) results.failed++;
      throw error;
    }
  };
  return {
    results,
    time,
    count(delivery) {
      let beganAt: number | null = null;
      return {
        write(outputs) {
          beganAt ??= performance.now();
          return counting(() => delivery.write(outputs));
        },
        async commit(boundary) {
          const since = beganAt ?? performance.now();
          beganAt = null;
          const marks = await counting(() => delivery.commit(boundary));
          results.committed++;
          time.count++;
          time.ms += performance.now() - since;
          return marks;
        },
      };
    },
  };
}
