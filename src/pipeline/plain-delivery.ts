// Delivery through sinks that each stand alone. Exactly once into files, which are cut back to what a checkpoint vouches
// for; at least once into topics and standard output.

import type { OutputRecords } from '../sample/packed-records.ts';
import type { Delivery, Sink } from './ports.ts';

/** The outputs of a run; null where there is none. */
export interface Sinks {
  /** null publishes nothing. */
  readonly predictions: Sink | null;
  /** null drops what is rejected. */
  readonly deadLetters: Sink | null;
}

/** A delivery over open sinks: a commit flushes them. */
export function createPlainDelivery({ predictions, deadLetters }: Sinks): Delivery {
  return {
    async write(outputs) {
      await write(predictions, outputs.predictions);
      await write(deadLetters, outputs.deadLetters);
    },
    async commit() {
      return {
        predictions: predictions ? await predictions.flush() : null,
        deadLetters: deadLetters ? await deadLetters.flush() : null,
        journal: null,
      };
    },
  };
}

async function write(sink: Sink | null, records: OutputRecords): Promise<void> {
  if (sink && records.length > 0) await sink.write(records);
}
