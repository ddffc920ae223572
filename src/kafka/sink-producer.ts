// What a sink needs of whoever writes for it.

import type { SendQueue } from './send-queue.ts';

/** A connected producer outside of transactions. */
export interface SinkProducer extends Omit<SendQueue, 'halt'> {
  close(): Promise<void>;
}
