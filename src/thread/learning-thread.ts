// The other end of worker.ts: hands blocks over, one at a time, and takes what came of them.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { createOutcomeRoom } from '../learner/block-learner.ts';
import type { LearnerShare, Outcome } from '../learner/learner.ts';
import type { LearningThread } from '../pipeline/ports.ts';
import { copyOffsets, placeOf } from '../sample/encode-prediction.ts';
import { sharedDoubles, sharedFloats } from '../sample/shared-arrays.ts';
import { type Answer, type Order, ready, type ThreadStart } from './messages.ts';

/** Longer than a block takes: who waits so long waits for a thread that is no more. */
const settleMs = 120_000;

/** The file of the thread, as this one is: TypeScript, or compiled. */
const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

export interface LearningThreadOptions {
  readonly share: LearnerShare;
  /** null where nothing is published. */
  readonly predictions: ThreadStart['predictions'];
  /** Hears why the thread could not start: it will never be ready then. */
  readonly onUnavailable: (why: string) => void;
}

/**
 * Starts a thread that learns with the state that is shared. It keeps the process alive only while it is at work. Throws
 * where this process may not start any.
 */
export function startLearningThread({ share, predictions, onUnavailable }: LearningThreadOptions): LearningThread {
  const { port1: port, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const start: ThreadStart = { port: port2, done, share, predictions };
  const worker = new Worker(file, { name: 'learner', workerData: start, transferList: [port2] });
  const roomFor = createOutcomeRoom(share.spec.outputs, { floats: sharedFloats, doubles: sharedDoubles });
  let offsets = sharedDoubles(0);
  let ordered = 0;
  /** What is being learnt. */
  let work: { readonly outcome: Outcome; readonly whenDone: () => void } | null = null;
  let failure: unknown;
  const line = listen(port, () => work?.whenDone());

  const failed = () => new Error(`the learning thread has failed: ${messageOf(failure)}`, { cause: failure });

  function settle(): void {
    const before = Atomics.load(done, 0);
    if (before === ordered || failure !== undefined) return;
    if (Atomics.wait(done, 0, before, settleMs) === 'timed-out') fail(new Error('it does not answer'));
  }

  function fail(cause: unknown): void {
    if (failure !== undefined) return;
    failure = cause;
    if (line.isReady) setImmediate(() => work?.whenDone());
    else onUnavailable(messageOf(cause));
  }

  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`it has ended with code ${code}`)));
  port.on('messageerror', fail);
  port.unref();
  worker.unref();
  return {
    get isReady() {
      if (line.isReady && failure !== undefined) throw failed();
      return line.isReady;
    },
    get isDone() {
      return failure !== undefined || line.hasAnswer();
    },
    learn(chunk, { count, recordIndex, inputs, targets, labelled, weights }, whenDone) {
      if (work) throw new Error('the learning thread is at work');
      if (offsets.length < count) offsets = sharedDoubles(count);
      copyOffsets(chunk, { count, recordIndex }, offsets);
      const rows = { count, inputs, targets, labelled, weights };
      const outcome = roomFor(count);
      const order: Order = { rows, outcome, samples: { place: placeOf(chunk), offsets } };
      work = { outcome, whenDone };
      // As the count in shared memory, which wraps.
      ordered = (ordered + 1) | 0;
      port.postMessage(order);
      port.ref();
      worker.ref();
    },
    take() {
      settle();
      if (!work || !line.hasAnswer()) throw failed();
      const { outcome } = work;
      const answer = line.take();
      const bytes = answer && Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength);
      const learnt = { outcome, packed: answer && bytes && { bytes, ends: answer.ends } };
      work = null;
      port.unref();
      worker.unref();
      return learnt;
    },
    settle,
    async close() {
      // Cut off in the middle of a block, it would leave a state that is none.
      settle();
      worker.removeAllListeners('exit');
      port.close();
      await worker.terminate();
    },
  };
}

/** What the thread has said. */
interface Line {
  /** Whether it has said that it takes orders. */
  readonly isReady: boolean;
  /** Whether it has answered, though the event loop may not have got to that yet. */
  hasAnswer(): boolean;
  /** Takes the answer that is there. */
  take(): Answer;
}

/** Listens to the thread; `whenAnswered` is told by the event loop only. */
function listen(port: MessagePort, whenAnswered: () => void): Line {
  let isReady = false;
  let answer: Answer | undefined;
  const hear = (message: Answer | typeof ready): void => {
    if (message === ready) isReady = true;
    else answer = message;
  };
  port.on('message', (message: Answer | typeof ready) => {
    hear(message);
    if (message !== ready) whenAnswered();
  });
  return {
    get isReady() {
      return isReady;
    },
    hasAnswer() {
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) hear(next.message);
      return answer !== undefined;
    },
    take() {
      const taken = answer ?? null;
      answer = undefined;
      return taken;
    },
  };
}
