// The other end of worker.ts: hands blocks over, one at a time, and takes what came of them.

import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { createOutcomeRoom } from '../learner/block-learner.ts';
import type { LearnerShare, Outcome } from '../learner/learner.ts';
import type { LearningThread } from '../pipeline/ports.ts';
import { copyOffsets, placeOf } from '../sample/encode-prediction.ts';
import { sharedDoubles } from '../sample/shared-arrays.ts';
import { type Answer, type Order, ready, type ThreadStart } from './messages.ts';

/** Longer than any block takes: who waits so long waits for a thread that is no more. */
const settleMs = 600_000;

/** The file of the thread, as this one is: TypeScript, or compiled. */
const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Starts a thread that learns with the state that is shared. It keeps the process alive only while it is at work. */
export function startLearningThread(share: LearnerShare, predictions: ThreadStart['predictions']): LearningThread {
  const { port1: port, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const start: ThreadStart = { port: port2, done, share, predictions };
  const worker = new Worker(file, { name: 'learner', workerData: start, transferList: [port2] });
  const roomFor = createOutcomeRoom(share.spec.outputs);
  let offsets = sharedDoubles(0);
  let isReady = false;
  let ordered = 0;
  /** What is being learnt. */
  let work: { readonly outcome: Outcome; readonly whenDone: () => void } | null = null;
  let answer: Answer | undefined;
  let failure: unknown;

  function hear(message: Answer | typeof ready): void {
    if (message === ready) isReady = true;
    else answer = message;
  }

  /** Hears what the thread has sent before the event loop gets to it. */
  function receive(): void {
    while (answer === undefined) {
      const received = receiveMessageOnPort(port);
      if (!received) return;
      hear(received.message);
    }
  }

  function settle(): void {
    const before = Atomics.load(done, 0);
    if (before === ordered || failure !== undefined) return;
    if (Atomics.wait(done, 0, before, settleMs) === 'timed-out') throw new Error('the learning thread does not answer');
  }

  port.on('message', (message: Answer | typeof ready) => {
    hear(message);
    if (message !== ready) work?.whenDone();
  });
  worker.on('error', (error) => {
    failure = error;
    work?.whenDone();
  });
  port.unref();
  worker.unref();
  return {
    get isReady() {
      return isReady;
    },
    get isDone() {
      if (Atomics.load(done, 0) === ordered) receive();
      return failure !== undefined || answer !== undefined;
    },
    learn(chunk, { count, recordIndex, inputs, targets, labelled, weights }, whenDone) {
      if (work) throw new Error('the learning thread is at work');
      if (offsets.length < count) offsets = sharedDoubles(count);
      copyOffsets(chunk, { count, recordIndex }, offsets);
      const rows = { count, inputs, targets, labelled, weights };
      const outcome = roomFor(count);
      const order: Order = { rows, outcome, samples: { place: placeOf(chunk), offsets } };
      work = { outcome, whenDone };
      ordered++;
      port.postMessage(order);
      port.ref();
    },
    take() {
      settle();
      receive();
      if (!work || answer === undefined) throw new Error('the learning thread has failed', { cause: failure });
      const { outcome } = work;
      const bytes = answer && Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength);
      const learnt = { outcome, packed: answer && bytes && { bytes, ends: answer.ends } };
      work = null;
      answer = undefined;
      port.unref();
      return learnt;
    },
    settle,
    async close() {
      // Cut off in the middle of a block, it would leave a state that is none.
      settle();
      port.close();
      await worker.terminate();
    },
  };
}
