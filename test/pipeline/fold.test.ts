import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCounters } from '../../src/pipeline/counters.ts';
import type { Fold } from '../../src/pipeline/fold.ts';
import { unpacked } from '../../src/sample/packed-records.ts';
import { chunkOf } from '../sample/samples.ts';
import { chunksOf, foldOf, learnChunk, offsetOf, recordsOf } from './parts.ts';

const records = recordsOf(120);

function applied(fold: Fold, size: number, from = 0): Fold {
  for (const chunk of chunksOf(records, size, from)) learnChunk(fold, chunk);
  return fold;
}

describe('the fold', () => {
  it('gives a prediction for every sample and a dead letter for every other record, in order', () => {
    const {
      predictions,
      deadLetters,
      records: count,
      range,
    } = learnChunk(foldOf(), chunkOf(records.slice(0, 30), 100));
    expect(count).toBe(30);
    expect(deadLetters.map(offsetOf)).toEqual([109, 119, 129]);
    expect(unpacked(predictions).map(offsetOf)).toEqual(
      Array.from({ length: 30 }, (_, index) => 100 + index).filter((offset) => offset % 10 !== 9),
    );
    expect(range).toEqual({ partition: 0, from: 100, to: 130, records: 30 });
  });

  it('predicts before it learns, each sample with the weights of its moment', () => {
    const { predictions } = learnChunk(foldOf(), chunkOf(records.slice(0, 9)));
    const values = unpacked(predictions).map(({ value }) => JSON.parse(String(value)));
    expect(values.map(({ label }) => typeof label)).toEqual(
      Array.from({ length: 9 }, (_, index) => (index % 7 === 6 ? 'undefined' : 'number')),
    );
    const versions: number[] = values.map(({ modelVersion }) => modelVersion);
    expect(versions[0]).toBe(0);
    // Sample 6 has no label: sample 7 is predicted by the same model.
    expect(versions[7]).toBe(versions[6]);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  });

  it('refuses a record that it has dealt with, before anything of it is published', () => {
    const fold = applied(foldOf(), 30);
    expect(() => learnChunk(fold, chunkOf(records.slice(100, 120), 119))).toThrow(
      'test, partition 0: records from offset 119 came after those before 120',
    );
  });

  it('ends in the same state however the stream is cut into chunks', () => {
    const whole = applied(foldOf(), records.length).snapshot();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (size) => {
        expect(applied(foldOf(), size).snapshot()).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it('goes on from a snapshot as if it had never stopped', () => {
    const straight = applied(foldOf(), 10);
    const first = foldOf();
    for (const chunk of chunksOf(records.slice(0, 50), 10)) learnChunk(first, chunk);
    const from = first.snapshot();
    expect(from).toMatchObject({ sequence: 50, positions: new Map([[0, 50]]) });
    if (from === null) throw new Error('no snapshot');
    const second = applied(foldOf({ from }), 7, 50);
    expect(second.standing()).toEqual(straight.standing());
    expect(second.snapshot()?.tensors).toEqual(straight.snapshot()?.tensors);
  });

  it('replays to the same state, in silence', () => {
    const [loud, silent] = [createCounters(), createCounters()];
    const live = applied(foldOf({ counters: loud }), 30);
    const again = foldOf({ counters: silent });
    for (const chunk of chunksOf(records, 30)) again.replay(chunk);
    expect(again.snapshot()).toEqual(live.snapshot());
    expect(silent).toMatchObject({ samples: 0, learned: 0, rejected: 0, lossCount: 0, replayed: 120 });
    expect(silent.outcomes()).toEqual(loud.outcomes());
  });

  it('takes a snapshot that what comes after does not change', () => {
    const fold = foldOf();
    learnChunk(fold, chunkOf(records.slice(0, 40)));
    const snapshot = fold.snapshot();
    const copy = structuredClone(snapshot);
    learnChunk(fold, chunkOf(records.slice(40, 80), 40));
    expect(snapshot).toEqual(copy);
    expect(fold.snapshot()).not.toEqual(copy);
  });

  it('has no learner until a record tells the features, and still knows where it stands', () => {
    const fold = foldOf();
    const { predictions, deadLetters } = learnChunk(fold, chunkOf(['oops', '{}']));
    expect([predictions.length, deadLetters.length]).toEqual([0, 2]);
    expect([fold.learner, fold.snapshot()]).toEqual([null, null]);
    expect(fold.standing()).toEqual({
      sequence: 2,
      positions: new Map([[0, 2]]),
      modelVersion: 0,
      weightsDigest: null,
    });
    learnChunk(fold, chunkOf(records.slice(0, 3), 2));
    expect(fold.learner?.inputs).toBe(2);
    expect(fold.snapshot()?.schema.features.map(({ name }) => name)).toEqual(['x', 'y']);
  });

  it('moves on over a gap of the log without counting anything', () => {
    const fold = foldOf();
    expect(learnChunk(fold, { ...chunkOf([]), nextOffset: 17 })).toEqual({
      records: 0,
      predictions: [],
      deadLetters: [],
      range: null,
    });
    expect([fold.sequence, fold.positions.get(0)]).toEqual([0, 17]);
    fold.skipTo(0, 25);
    expect(learnChunk(fold, chunkOf(records.slice(0, 2), 30)).range).toEqual({
      partition: 0,
      from: 25,
      to: 32,
      records: 2,
    });
  });

  it('publishes nothing where nothing is to be published, and learns the same', () => {
    const fold = foldOf({ publishes: false });
    const { predictions, deadLetters } = learnChunk(fold, chunkOf(records));
    expect([predictions.length, deadLetters.length]).toEqual([0, 12]);
    expect(fold.standing()).toEqual(applied(foldOf(), 120).standing());
  });

  it('stops before a chunk that would ruin the weights, and says where', () => {
    const model = {
      hidden: [],
      scale: 'none',
      clipInputs: false,
      rehearsal: false,
      optimizer: { type: 'sgd', learningRate: 1e38 },
    };
    const huge = ['{"x":1e38,"label":1}', '{"x":-1e38,"label":1}', '{"x":1e38,"label":0}'];
    const apply = () => learnChunk(foldOf({ model }), chunkOf(huge, 40));
    expect(apply).toThrow(
      expect.objectContaining({
        code: 'learning-refused',
        message: expect.stringContaining('test, partition 0, offsets 40 to 42'),
      }),
    );
  });
});
