import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type PipelineOptions, runPipeline } from '../../src/pipeline/pipeline.ts';
import { createPlainDelivery } from '../../src/pipeline/plain-delivery.ts';
import type { Boundary } from '../../src/pipeline/ports.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { chunksOf, foldOf, learnChunk, offsetOf, recordsOf, sinkInto, sourceOver, threadFor } from './parts.ts';
import { forever, never, pipelineOf, records } from './watched-pipeline.ts';

/** The digest of the weights after so many records. */
function digestAt(count: number): string | null {
  const fold = foldOf();
  for (const chunk of chunksOf(records.slice(0, count), 10)) learnChunk(fold, chunk);
  return fold.standing().weightsDigest;
}

const sequences = (boundaries: readonly Boundary[]) => boundaries.map(({ sequence }) => sequence);

describe.each([{ isThreaded: false }, { isThreaded: true }])(
  'a run to the end of its input ($isThreaded)',
  ({ isThreaded }) => {
    const pipeline = (changes: Partial<PipelineOptions> = {}) =>
      pipelineOf({ fold: foldOf({ thread: threadFor(isThreaded) }), ...changes });

    it('publishes every prediction and every dead letter, once and in order', async () => {
      const { options, predictions, deadLetters } = pipeline();
      await runPipeline(options, forever);
      const offsets = Array.from({ length: 100 }, (_, index) => index);
      expect(predictions.map(offsetOf)).toEqual(offsets.filter((offset) => offset % 10 !== 9));
      expect(deadLetters.map(offsetOf)).toEqual(offsets.filter((offset) => offset % 10 === 9));
    });

    it('makes outputs durable, then keeps the checkpoint, then tells the source', async () => {
      const { options, log } = pipeline();
      await runPipeline(options, forever);
      const steps = log.filter((line) => !line.startsWith('write'));
      const commit = (count: number) => [
        'flush predictions',
        'flush deadLetters',
        `save ${count}`,
        `acknowledge ${count}`,
      ];
      expect(steps).toEqual([40, 80, 100].flatMap(commit));
      expect(log.slice(0, log.indexOf('save 40')).filter((line) => line === 'write predictions')).toHaveLength(4);
    });

    it('keeps in a checkpoint the state of exactly its moment, and what the outputs held then', async () => {
      const { options, saved } = pipeline();
      await runPipeline(options, forever);
      expect(saved.map(({ snapshot }) => snapshot.weightsDigest)).toEqual([40, 80, 100].map(digestAt));
      expect(saved.map(({ marks }) => [marks.predictions, marks.deadLetters])).toEqual([
        [36, 4],
        [72, 8],
        [90, 10],
      ]);
    });

    it('tells in each commit what was dealt with since the one before', async () => {
      const { options, boundaries } = pipeline();
      await runPipeline(options, forever);
      expect(boundaries.map(({ ranges }) => ranges)).toEqual([
        [{ partition: 0, from: 0, to: 40, records: 40 }],
        [{ partition: 0, from: 40, to: 80, records: 40 }],
        [{ partition: 0, from: 80, to: 100, records: 20 }],
      ]);
      expect(boundaries.map(({ weightsDigest }) => weightsDigest)).toEqual([40, 80, 100].map(digestAt));
    });

    it('may commit more often than it saves; the end is always saved', async () => {
      const { options, boundaries, saved, log } = pipeline({
        commitEvery: { samples: 10, ms: never },
        checkpointEvery: { samples: 30, ms: never },
      });
      await runPipeline({ ...options, maxRecords: 95 }, forever);
      expect(sequences(boundaries)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 95]);
      expect(saved.map(({ snapshot }) => snapshot.sequence)).toEqual([30, 60, 90, 95]);
      expect(log.filter((line) => line.startsWith('acknowledge'))).toEqual(
        [30, 60, 90, 95].map((count) => `acknowledge ${count}`),
      );
    });

    it('commits nothing where there was nothing to do', async () => {
      const { options, log } = pipeline({ source: sourceOver([], 10) });
      await runPipeline(options, forever);
      expect(log).toEqual([]);
    });
  },
);

describe('a run that goes on from a checkpoint', () => {
  it('ends as one that never stopped, and publishes exactly the rest', async () => {
    const first = pipelineOf({ maxRecords: 37 });
    await runPipeline(first.options, forever);
    const from = first.saved.at(-1)?.snapshot;
    if (!from) throw new Error('nothing was saved');
    const second = pipelineOf({ fold: foldOf({ from }) });
    await runPipeline(second.options, forever);
    expect(second.fold.standing().weightsDigest).toBe(digestAt(100));
    expect([...first.predictions, ...second.predictions].map(offsetOf)).toEqual(
      Array.from({ length: 100 }, (_, index) => index).filter((offset) => offset % 10 !== 9),
    );
  });

  it('saves nothing again where nothing has come since', async () => {
    const first = pipelineOf();
    await runPipeline(first.options, forever);
    const second = pipelineOf({ fold: foldOf({ from: first.saved.at(-1)?.snapshot }) });
    await runPipeline(second.options, forever);
    expect([second.boundaries, second.saved]).toEqual([[], []]);
  });
});

describe('a run that is told to stop', () => {
  it('by a number of records, stops at exactly that one', async () => {
    const { options, saved, predictions } = pipelineOf({ maxRecords: 23 });
    await runPipeline(options, forever);
    expect(saved.map(({ snapshot }) => [snapshot.sequence, snapshot.positions.get(0)])).toEqual([[23, 23]]);
    expect(predictions.map(offsetOf).at(-1)).toBe(22);
  });

  it('by a signal, finishes what is in flight and saves it', async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const predictions: OutputRecord[] = [];
    const pause = async () => {
      if (predictions.length >= 20) controller.abort();
      await sleep(1);
    };
    const delivery = createPlainDelivery({ predictions: sinkInto(predictions, { log, pause }), deadLetters: null });
    const { options, fold, saved } = pipelineOf({
      delivery,
      source: sourceOver(recordsOf(5000), 10, { after: 'silence' }),
    });
    await runPipeline(options, controller.signal);
    expect(fold.sequence).toBeLessThan(200);
    expect(saved.at(-1)?.snapshot.sequence).toBe(fold.sequence);
    expect(predictions).toHaveLength(fold.sequence - Math.floor(fold.sequence / 10));
    expect(log.at(-1)).toBe('flush sink');
  });
});

describe('bounds', () => {
  it('a slow output stops the fetch', async () => {
    const source = sourceOver(records, 1);
    let release = () => {};
    const pause = () => new Promise<void>((resolve) => (release = resolve));
    const delivery = createPlainDelivery({ predictions: sinkInto([], { pause }), deadLetters: null });
    const gauge = { inFlight: 0 };
    const { options } = pipelineOf({ source, delivery, gauge, maxInFlight: 4, maxRecords: 30 });
    const running = runPipeline(options, forever);
    await sleep(20);
    expect([source.pulled, gauge.inFlight]).toEqual([4, 4]);
    release();
    await sleep(20);
    expect([source.pulled, gauge.inFlight]).toEqual([5, 4]);
    const letting = setInterval(() => release(), 1);
    await running;
    clearInterval(letting);
    expect(gauge.inFlight).toBe(0);
  });

  it('what has come is committed after a while, though nothing more comes', async () => {
    const controller = new AbortController();
    const source = sourceOver(records, 10, { after: 'silence' });
    const { options, saved } = pipelineOf({ source, commitEvery: { samples: never, ms: 20 } });
    const running = runPipeline(options, controller.signal);
    const sequences = () => saved.map(({ snapshot }) => snapshot.sequence);
    for (let tries = 0; tries < 500 && sequences().at(-1) !== 100; tries++) await sleep(10);
    await sleep(60);
    // On a busy machine a part may have been due before; all of it is in the end, and only once.
    expect(sequences().filter((sequence) => sequence === 100)).toEqual([100]);
    controller.abort();
    await running;
    expect(sequences().filter((sequence) => sequence === 100)).toEqual([100]);
  });
});

describe('a failure ends the run with its own words, and nothing more is kept', () => {
  it('of the source', async () => {
    const { options, saved } = pipelineOf({
      source: sourceOver(records, 10, { after: new Error('the disk is gone') }),
    });
    await expect(runPipeline(options, forever)).rejects.toThrow('the disk is gone');
    expect(saved.every(({ snapshot }) => snapshot.sequence <= 80)).toBe(true);
  });

  it('of a write', async () => {
    const predictions: OutputRecord[] = [];
    const pause = async () => {
      if (predictions.length >= 45) throw new Error('no room');
    };
    const delivery = createPlainDelivery({ predictions: sinkInto(predictions, { pause }), deadLetters: null });
    const { options, saved } = pipelineOf({ delivery });
    await expect(runPipeline(options, forever)).rejects.toThrow('no room');
    expect(saved.map(({ snapshot }) => snapshot.sequence)).toEqual([40]);
  });

  it('of a commit: neither saved nor told to the source', async () => {
    const { options, log } = pipelineOf();
    const delivery = { ...options.delivery, commit: () => Promise.reject(new Error('transaction aborted')) };
    await expect(runPipeline({ ...options, delivery }, forever)).rejects.toThrow('transaction aborted');
    expect(log.filter((line) => /save|acknowledge/.test(line))).toEqual([]);
  });

  it('of a checkpoint: not told to the source', async () => {
    const { options, log } = pipelineOf({ save: () => Promise.reject(new Error('read-only')) });
    await expect(runPipeline(options, forever)).rejects.toThrow('read-only');
    expect(log.filter((line) => line.startsWith('acknowledge'))).toEqual([]);
  });

  it('of the learner', async () => {
    const fold = foldOf({
      model: { hidden: [], scale: 'none', clipInputs: false, optimizer: { type: 'sgd', learningRate: 1e38 } },
    });
    const { options, log } = pipelineOf({
      fold,
      source: sourceOver(['{"x":1e38,"label":0}', '{"x":1e38,"label":0}'], 1),
    });
    await expect(runPipeline(options, forever)).rejects.toMatchObject({ code: 'learning-refused' });
    expect(log.filter((line) => /save|acknowledge/.test(line))).toEqual([]);
  });
});
