// The learning thread: learns a block at a time with the state of the learner that it was started with, and writes the
// predictions' bytes.

import { workerData } from 'node:worker_threads';
import { attachLearner } from '../learner/share.ts';
import { createPredictionWriter } from '../sample/encode-prediction.ts';
import { type Answer, type Order, ready, type ThreadStart } from './messages.ts';

const { port, done, share, predictions }: ThreadStart = workerData;
const write = predictions && createPredictionWriter(predictions.target, predictions.fields);
// Attached with the first block: until then the state is the other thread's.
let learn: ReturnType<typeof attachLearner> | null = null;

function answer({ rows, outcome, samples }: Order): void {
  learn ??= attachLearner(share);
  learn(rows, outcome);
  const { count, targets, labelled } = rows;
  const packed: Answer = write ? write({ ...samples, count, targets, labelled }, outcome) : null;
  port.postMessage(packed, packed ? [packed.bytes.buffer, packed.ends.buffer] : []);
}

port.on('message', (order: Order) => {
  try {
    answer(order);
  } finally {
    // After the answer, so that who sees this one sees that; also where there is none, so that nobody waits for it.
    Atomics.add(done, 0, 1);
    Atomics.notify(done, 0);
  }
});
port.postMessage(ready);
