// Takes partitions into a transaction before they are written to: each once, and with the first of them the group's offsets.

import { type Place, placeKey } from '../place.ts';
import type { TransactionalProducerOptions } from '../transactional-producer.ts';
import type { TransactionRequests } from './transaction-requests.ts';
import type { ProducerIdentity } from './wire-producer.ts';

/** The partitions of one transaction after another. */
export interface Intake {
  /** What the transaction at hand has taken in. */
  readonly places: readonly Place[];
  /** Whether the broker may know of a transaction that is not over. */
  readonly isOpen: boolean;
  takeIn(identity: ProducerIdentity, wanted: readonly Place[]): Promise<void>;
  /** The transaction at hand is over, or its end was asked for. */
  end(): void;
}

/** Nothing is taken in yet. `always` is part of every transaction: taken in with the first others, it costs no request of its own. */
export function createIntake(
  requests: TransactionRequests,
  always: Place,
  onStage: TransactionalProducerOptions['onStage'],
): Intake {
  const known = new Map<string, Place>();
  let isOpen = false;
  return {
    get places() {
      return [...known.values()];
    },
    get isOpen() {
      return isOpen;
    },
    async takeIn(identity, wanted) {
      const isFirst = known.size === 0;
      if (isFirst) await onStage?.('before-send');
      const all = new Map((isFirst ? [...wanted, always] : wanted).map((place) => [placeKey(place), place]));
      const missing = [...all].filter(([key]) => !known.has(key));
      if (missing.length === 0) return;
      isOpen = true;
      await requests.addPartitions(
        identity,
        missing.map(([, place]) => place),
      );
      // One after the other: of two such requests at a time the coordinator refuses one.
      if (isFirst) {
        await onStage?.('partitions-added');
        await requests.addOffsets(identity);
      }
      for (const [key, { topic, partition }] of missing) known.set(key, { topic, partition });
    },
    end() {
      known.clear();
      isOpen = false;
    },
  };
}
