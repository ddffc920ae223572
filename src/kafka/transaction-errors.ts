// What a failure in a transaction means: shut out for good, aborted, or nobody knows.

import { MillraceError, messageOf } from '../errors.ts';
import { missingRight } from './missing-right.ts';
import { isFencedAnswer } from './wire/retry.ts';

/** Kafka's names for a producer that an epoch bump has shut out. */
const fencedTypes = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING'];

/** Whether an error, or what caused it, says that the producer is shut out. */
export function isFenced(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof MillraceError && error.code === 'fenced') return true;
  if (isFencedAnswer(error)) return true;
  const named = 'type' in error && typeof error.type === 'string' && fencedTypes.includes(error.type);
  // Kafka 4 answers 90 (PRODUCER_FENCED), a code that kafkajs has no name for.
  const coded = 'code' in error && (error.code === 90 || error.code === 47);
  return named || coded || isFenced(error.cause);
}

/** What is known of a transaction whose request failed, where the failure is not a fence. */
type Outcome = 'transaction-failed' | 'commit-unknown';

/** Tells failures of a transaction as the user sees them. */
export function createTransactionGuard(transactionalId: string) {
  const failing = async <T>(outcome: Outcome, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw transactionError(error, transactionalId, outcome);
    }
  };
  return {
    /** Runs requests. */
    failing,
    /** Adds a record: what a send has failed with meanwhile is thrown at once, or rejects where there was no room. */
    adding(add: () => Promise<void> | undefined): Promise<void> | undefined {
      let room: Promise<void> | undefined;
      try {
        room = add();
      } catch (error) {
        throw transactionError(error, transactionalId, 'transaction-failed');
      }
      return room === undefined ? undefined : failing('transaction-failed', () => room);
    },
  };
}

function transactionError(error: unknown, transactionalId: string, outcome: Outcome): MillraceError {
  if (isFenced(error)) {
    return new MillraceError(
      'fenced',
      `transactional id '${transactionalId}' was taken over by another instance, or a transaction stayed open for longer ` +
        'than `commit.timeoutMs`. This process publishes nothing more',
      { cause: error },
    );
  }
  if (error instanceof MillraceError) return error;
  const kind = missingRight(error);
  if (kind) {
    // Recovering would meet the same refusal again and again.
    const lacking = kind === 'topic' ? 'Write on a topic of the outputs or the journal' : `the right on the ${kind}`;
    const text = `a transaction failed (transactional id '${transactionalId}'): this user lacks ${lacking}`;
    return new MillraceError('kafka-not-authorized', text, { cause: error });
  }
  const what = outcome === 'commit-unknown' ? 'the outcome of a commit is not known' : 'a transaction failed';
  return new MillraceError(outcome, `${what} (transactional id '${transactionalId}'): ${messageOf(error)}`, {
    cause: error,
  });
}
