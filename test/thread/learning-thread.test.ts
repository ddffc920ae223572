import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLearner } from '../../src/learner/create-learner.ts';
import type { Learner } from '../../src/learner/learner.ts';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import type { LearningThread, Learnt } from '../../src/pipeline/ports.ts';
import { settledLearner } from '../../src/pipeline/settled-learner.ts';
import type { Block } from '../../src/sample/block.ts';
import { createPredictionEncoder, packedRecords } from '../../src/sample/encode-prediction.ts';
import { unpacked } from '../../src/sample/packed-records.ts';
import type { Chunk } from '../../src/sample/record.ts';
import { startLearningThread } from '../../src/thread/learning-thread.ts';
import { randomBlock, randomSpec, wideSpec } from '../kernels/random-spec.ts';
import { chunkOf } from '../sample/samples.ts';
import { fields, readyThread, targetOf, threadedLearner } from './threads.ts';

const spec: LearnerSpec = {
  ...{ inputs: 20, outputs: 1, target: 'binary', outputActivation: 'sigmoid', loss: 'cross-entropy' },
  hidden: [{ units: 64, activation: 'tanh', dropout: 0 }],
  optimizer: { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  schedule: { type: 'constant', warmUpSteps: 0 },
  regularization: { l1: 0, l2: 0, weightDecay: 0, applyTo: 'weights' },
  ...{ clipNorm: null, batchSize: 1, batchReduction: 'mean', initializer: { type: 'fan-in' }, initialParameters: null },
  ...{ seed: 1, scale: new Array(20).fill('standard'), clipInputs: null, standardizeTarget: false },
  ...{ rehearsal: null, classWeights: null, metricsWindow: 100, metricsFading: 0.99 },
};

/** The chunk that a block could be of. */
function chunkFor({ count }: Block, firstOffset: number): Chunk {
  return chunkOf(new Array(count).fill(''), firstOffset);
}

const ignored = () => {};

/** What a learner gives for a block, in words: its predictions as records, losses and versions. */
function shown(chunk: Chunk, block: Block, { outcome, packed }: Learnt) {
  const records = packed ? unpacked(packedRecords(chunk, block, packed)) : [];
  return {
    records: records.map(({ value, headers }) => `${value} ${headers.map(([name, text]) => `${name} ${text}`)}`),
    outcome: structuredClone(outcome),
  };
}

/** What the thread does, done by the learner itself. */
function learnHere(learner: Learner, of: LearnerSpec, chunk: Chunk, block: Block): Learnt {
  const outcome = learner.learn(block);
  return { outcome, packed: createPredictionEncoder(targetOf(of), fields)(chunk, block, outcome) };
}

function learnThere(thread: LearningThread, chunk: Chunk, block: Block): Learnt {
  thread.learn(chunk, block, ignored);
  return thread.take();
}

describe('a learning thread', () => {
  it('gives the bits that the learner itself gives, in all that is published and all that is kept', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(randomSpec, wideSpec), cuts, fc.nat(), async (any, sizes, noise) => {
        const alone = createLearner(any);
        const { learner, thread } = threadedLearner(any);
        for (const [index, size] of sizes.entries()) {
          const block = randomBlock(any, size, noise + index);
          const chunk = chunkFor(block, 1000 * index);
          // It begins where the learner itself has come to, and goes on from there.
          const here = index === 0 ? learnHere(learner, any, chunk, block) : learnThere(thread, chunk, block);
          expect(shown(chunk, block, here)).toEqual(shown(chunk, block, learnHere(alone, any, chunk, block)));
        }
        expect(learner.snapshot()).toEqual(alone.snapshot());
        expect(learner.metrics()).toEqual(alone.metrics());
        await thread.close();
      }),
      { numRuns: 30, seed: 5 },
    );
  });

  it('tells of a block that is done, unless it was taken before', async () => {
    const { thread } = threadedLearner(spec);
    const block = randomBlock(spec, 50, 1);
    await new Promise<void>((done) => thread.learn(chunkFor(block, 0), block, done));
    expect(thread.isDone).toBe(true);
    thread.take();
    expect(thread.isDone).toBe(false);
    let told = 0;
    thread.learn(chunkFor(block, 50), block, () => told++);
    thread.take();
    await new Promise<void>((done) => thread.learn(chunkFor(block, 100), block, done));
    thread.take();
    expect(told).toBe(0);
    await thread.close();
  });

  it('has done what it tells of, every time', async () => {
    const { thread } = threadedLearner(spec);
    const block = randomBlock(spec, 3, 1);
    for (let round = 0; round < 1000; round++) {
      await new Promise<void>((done) => thread.learn(chunkFor(block, 3 * round), block, done));
      if (!thread.isDone) expect.fail(`round ${round}: told of, and not done`);
      thread.take();
    }
    await thread.close();
  });

  it('is waited for by whoever looks at the learner', async () => {
    const { learner, thread } = threadedLearner(spec);
    const alone = createLearner(spec);
    const seen = settledLearner(learner, () => thread);
    for (let round = 0; round < 20; round++) {
      const block = randomBlock(spec, 2000, round);
      alone.learn(block);
      thread.learn(chunkFor(block, 0), block, ignored);
      const row = block.inputs.slice(0, spec.inputs);
      expect(seen.predict(row, 1)).toEqual(alone.predict(row, 1));
      expect([seen.steps, seen.weightsDigest()]).toEqual([alone.steps, alone.weightsDigest()]);
      expect(seen.metrics()).toEqual(alone.metrics());
      thread.take();
    }
    await thread.close();
  });

  it('tells why it has failed, to whoever waits', async () => {
    // A target without the names of its classes: there is nothing to write.
    const { thread } = threadedLearner(spec, { ...targetOf(spec), classes: [] });
    const block = randomBlock(spec, 10, 1);
    await new Promise<void>((done) => thread.learn(chunkFor(block, 0), block, done));
    expect(thread.isDone).toBe(true);
    const failure = await Promise.resolve()
      .then(thread.take)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/^the learning thread has failed: Cannot /),
      cause: { name: 'TypeError' },
    });
    await thread.close();
  });

  it('finishes its block before it is closed, and is not waited for after', async () => {
    const { learner, thread } = threadedLearner(spec);
    const alone = createLearner(spec);
    const block = randomBlock(spec, 2000, 3);
    alone.learn(block);
    thread.learn(chunkFor(block, 0), block, ignored);
    await thread.close();
    thread.settle();
    expect(learner.weightsDigest()).toBe(alone.weightsDigest());
  });

  it('that dies before its first block is none, and says so', async () => {
    const workers: Worker[] = [];
    process.once('worker', (worker) => workers.push(worker));
    const told: string[] = [];
    const thread = startLearningThread({ predictions: null, onUnavailable: (why) => told.push(why) });
    await expect.poll(() => thread.isReady, { timeout: 10_000 }).toBe(true);
    await workers[0].terminate();
    await expect.poll(() => told).toEqual(['it has ended with code 1']);
    expect(thread.isReady).toBe(false);
    await thread.close();
  });

  it('is no use to a block before it is attached to a learner', async () => {
    const thread = readyThread(null);
    const block = randomBlock(spec, 1, 1);
    expect(() => thread.learn(chunkFor(block, 0), block, ignored)).toThrow('attached to no learner');
    await thread.close();
  });

  it('has no place where the kernel keeps its state to itself', () => {
    expect(createLearner(spec, { kernel: 'reference' }).share).toBeNull();
  });
});
