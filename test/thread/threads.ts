// A learner and a thread that learns for it, as a run has them.

import { createLearner } from '../../src/learner/create-learner.ts';
import type { Learner } from '../../src/learner/learner.ts';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import type { LearningThread } from '../../src/pipeline/ports.ts';
import type { PredictionFields } from '../../src/sample/encode-prediction.ts';
import type { TargetSpec } from '../../src/sample/schema.ts';
import { startLearningThread } from '../../src/thread/learning-thread.ts';

/** Fields that predictions hold in these tests. */
export const fields = { label: true, loss: true };

/** A target that a spec's learner can have. */
export function targetOf({ target, outputs }: LearnerSpec): TargetSpec {
  if (target === 'regression')
    return { type: target, from: Array.from({ length: outputs }, (_, k) => `y${k}`), classes: [] };
  return { type: target, from: ['y'], classes: Array.from({ length: Math.max(2, outputs) }, (_, k) => `class ${k}`) };
}

const ignored = () => {};

/** Starts a thread that takes blocks from the first on: they wait for it, where a run would not. */
export function readyThread(predictions: PredictionFields | null): LearningThread {
  const thread = startLearningThread({ predictions, onUnavailable: ignored });
  const { attach, learn, take, settle, close } = thread;
  return {
    isReady: true,
    get isDone() {
      return thread.isDone;
    },
    ...{ attach, learn, take, settle, close },
  };
}

/** A learner of a spec, with its thread. */
export function threadedLearner(
  spec: LearnerSpec,
  target = targetOf(spec),
): { readonly learner: Learner; readonly thread: LearningThread } {
  const learner = createLearner(spec);
  if (!learner.share) throw new Error('no other thread can learn for this learner');
  const thread = readyThread(fields);
  thread.attach(learner.share, target);
  return { learner, thread };
}
