// Millrace's delivery through kafkajs, in a thread of its own: pieces are handed over without a copy, and the thread reads
// the samples' keys and times where they lie.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Boundary } from '../../../src/pipeline/ports.ts';
import type { PackedRecords } from '../../../src/sample/packed-records.ts';
import type { Place, Writer } from './writer.ts';

/** A piece without what no thread can be given: bytes are of the memory that changes hands. */
export interface HandedPiece extends Pick<PackedRecords, 'ends' | 'index' | 'length' | 'partition'> {
  readonly fetched: Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the thread is told; it answers each once it is done. */
export type Order = { readonly piece: HandedPiece } | { readonly boundary: Boundary } | 'close';

/** Pieces that may wait for the thread. */
const piecesAhead = 8;

/** Starts the thread, and waits until it is open. */
export async function openKafkajsThread(place: Place): Promise<Writer> {
  const worker = new Worker(new URL('./kafkajs-worker.ts', import.meta.url), { workerData: place });
  await once(worker, 'message');
  const unanswered: PromiseWithResolvers<void>[] = [];
  worker.on('message', () => unanswered.shift()?.resolve());

  function tell(order: Order, handed: ArrayBuffer[] = []): Promise<void> {
    const answer = Promise.withResolvers<void>();
    unanswered.push(answer);
    worker.postMessage(order, handed);
    return answer.promise;
  }

  return {
    async write({ fetched, predictions: { bytes, ends, index, length, partition } }) {
      const piece = { fetched, bytes, ends, index, length, partition };
      const memory = [fetched, bytes, ends, index].map(({ buffer }) => buffer);
      void tell(
        { piece },
        memory.filter((each) => each instanceof ArrayBuffer),
      );
      if (unanswered.length > piecesAhead) await unanswered[0].promise;
    },
    commit: (boundary) => tell({ boundary }),
    close: () => tell('close'),
  };
}
