// How much garbage may lie about before the collector goes through all of the heap.

import { setFlagsFromString } from 'node:v8';

/** The old space may grow by so much, in percent of what is alive, between two full collections. */
const growthPercent = 300;

/**
 * Collects less often than V8 would. It sets its limit by the heap, which is small here, and counts against it the bytes of
 * records and batches, which lie outside: so it went through the whole heap every few megabytes of input.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
}
