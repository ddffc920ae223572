// The other end of worker.ts: hands blocks over, one at a time, and takes what came of them.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { createOutcomeRoom } from '../learner/block-learner.ts';
import type { Outcome } from '../learner/learner.ts';
import type { LearningThread } from '../pipeline/ports.ts';
import type { Block } from '../sample/block.ts';
import { copyOffsets, placeOf } from '../sample/encode-prediction.ts';
import type { Chunk } from '../sample/record.ts';
import { sharedDoubles, sharedFloats } from '../sample/shared-arrays.ts';
import { type Answer, type Charge, type Order, ready, type ThreadStart } from './messages.ts';

/** Longer than a block takes: who waits so long waits for a thread that is no more. */
const settleMs = 120_000;

/** The file of the thread, as this one is: TypeScript, or compiled. */
const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

export interface LearningThreadOptions {
  /** null where nothing is published. */
  readonly predictions: ThreadStart['predictions'];
  /** Hears why the thread could not start: it will never be ready then. */
  readonly onUnavailable: (why: string) => void;
}

/**
 * Starts a thread that learns with the state that it is attached to. It keeps the process alive only while it is at work.
 * Throws where this process may not start any.
 */
export function startLearningThread({ predictions, onUnavailable }: LearningThreadOptions): LearningThread {
  const { port1: port, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const start: ThreadStart = { port: port2, done, predictions };
  const worker = new Worker(file, { name: 'learner', workerData: start, transferList: [port2] });
  let orderOf: OrderMaker | null = null;
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
    if (orderOf) setImmediate(() => work?.whenDone());
    else onUnavailable(messageOf(cause));
  }

  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`it has ended with code ${code}`)));
  port.on('messageerror', fail);
  port.unref();
  worker.unref();
  return {
    attach(share, target) {
      orderOf = createOrders(share.spec.outputs);
      const charge: Charge = { share, target };
      port.postMessage(charge);
    },
    get isReady() {
      return line.isReady && failure === undefined;
    },
    get isDone() {
      return failure !== undefined || line.hasAnswer();
    },
    learn(chunk, block, whenDone) {
      if (work || !orderOf) throw new Error(`the learning thread is ${work ? 'at work' : 'attached to no learner'}`);
      const order = orderOf(chunk, block);
      work = { outcome: order.outcome, whenDone };
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

type OrderMaker = (chunk: Chunk, block: Block) => Order;

/** Orders for a network of so many outputs; the arrays of one are good until the next. */
function createOrders(outputs: number): OrderMaker {
  const roomFor = createOutcomeRoom(outputs, { floats: sharedFloats, doubles: sharedDoubles });
  let offsets = sharedDoubles(0);
  return (chunk, { count, recordIndex, inputs, targets, labelled, weights }) => {
    if (offsets.length < count) offsets = sharedDoubles(count);
    copyOffsets(chunk, { count, recordIndex }, offsets);
    return {
      rows: { count, inputs, targets, labelled, weights },
      outcome: roomFor(count),
      samples: { place: placeOf(chunk), offsets },
    };
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
