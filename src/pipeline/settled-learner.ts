// A learner as others see it while a thread may be at work on its state: whoever looks waits for the block to be over.

import type { Learner } from '../learner/learner.ts';
import type { LearningThread } from './ports.ts';

/**
 * The learner, settled before each look at it; `thread` gives who may be at work, null where nobody is. Once there is a thread,
 * it alone learns: what a kernel derives from the state is its own.
 */
export function settledLearner(learner: Learner, thread: () => LearningThread | null): Learner {
  const settled = (): Learner => {
    thread()?.settle();
    return learner;
  };
  const own = (): Learner => {
    if (thread()) throw new Error('another thread learns in the place of this learner');
    return learner;
  };
  return {
    inputs: learner.inputs,
    outputs: learner.outputs,
    share: learner.share,
    get steps() {
      return settled().steps;
    },
    get refusedSteps() {
      return settled().refusedSteps;
    },
    learn: (block) => own().learn(block),
    predict: (inputs, count) => settled().predict(inputs, count),
    snapshot: () => settled().snapshot(),
    restore: (tensors) => own().restore(tensors),
    weightsDigest: () => settled().weightsDigest(),
    metrics: () => settled().metrics(),
    inputStrengths: () => settled().inputStrengths(),
    network: () => settled().network(),
  };
}
