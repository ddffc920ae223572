// The learning thread: learns a block at a time with the state of the learner that it was attached to, and writes the
// predictions' bytes.

import { workerData } from 'node:worker_threads';
import { attachLearner } from '../learner/share.ts';
import { createPredictionWriter } from '../sample/encode-prediction.ts';
import { type Answer, type Charge, type Order, ready, type ThreadStart } from './messages.ts';

const { port, done, predictions }: ThreadStart = workerData;
let charge: Charge | null = null;
let answer: ((order: Order) => Answer) | null = null;

function take({ share, target }: Charge): (order: Order) => Answer {
  const write = predictions && createPredictionWriter(target, predictions);
  const learn = attachLearner(share);
  return ({ rows, outcome, samples }) => {
    learn(rows, outcome);
    const { count, targets, labelled } = rows;
    return write ? write({ ...samples, count, targets, labelled }, outcome) : null;
  };
}

function obey(order: Order): void {
  if (!charge) throw new Error('an order came before a learner');
  answer ??= take(charge);
  const packed = answer(order);
  port.postMessage(packed, packed ? [packed.bytes.buffer, packed.ends.buffer] : []);
}

port.on('message', (message: Charge | Order) => {
  if ('share' in message) {
    charge = message;
    return;
  }
  try {
    obey(message);
  } finally {
    // After the answer, so that who sees this one sees that; also where there is none, so that nobody waits for it.
    Atomics.add(done, 0, 1);
    Atomics.notify(done, 0);
  }
});
port.on('messageerror', (error) => {
  throw error;
});
port.postMessage(ready);
