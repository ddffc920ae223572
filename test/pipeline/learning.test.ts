import { Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { Fold, Folded } from '../../src/pipeline/fold.ts';
import { learning } from '../../src/pipeline/learning.ts';
import { createPace } from '../../src/pipeline/paced.ts';
import { createStageTimer } from '../../src/pipeline/timings.ts';
import { unpacked } from '../../src/sample/packed-records.ts';
import type { Chunk } from '../../src/sample/record.ts';
import { chunkOf } from '../sample/samples.ts';
import { chunksOf, foldOf, learnChunk, offsetOf, recordsOf, threadFor } from './parts.ts';

const chunks = chunksOf(recordsOf(100), 10);

/** A result in words, and where the fold stood when it came. */
function shown(fold: Fold, { records, predictions, deadLetters, range }: Folded) {
  const values = unpacked(predictions).map(({ value }) => String(value));
  return { records, range, values, dead: deadLetters.map(offsetOf), standing: fold.standing() };
}

/** What comes of the chunks that are put into `input`. */
function learnt(fold: Fold) {
  const input = new Subject<Chunk | null>();
  const results: ReturnType<typeof shown>[] = [];
  const done = new Promise<void>((complete, error) =>
    input.pipe(learning(fold, createStageTimer(), createPace())).subscribe({
      next: (folded) => results.push(shown(fold, folded)),
      complete,
      error,
    }),
  );
  return { input, results, done };
}

describe.each([{ isThreaded: false }, { isThreaded: true }])(
  'chunks that are learnt ($isThreaded)',
  ({ isThreaded }) => {
    it('give their results in order, silence between them, and the fold stands after each', async () => {
      const alone = foldOf();
      const wanted = chunks.map((chunk) => shown(alone, learnChunk(alone, chunk)));
      const fold = foldOf({ thread: threadFor(isThreaded) });
      const { input, results, done } = learnt(fold);
      for (const chunk of chunks) {
        input.next(chunk);
        if (chunk === chunks[4]) input.next(null);
      }
      input.complete();
      await done;
      const [quiet] = results.splice(5, 1);
      expect(results).toEqual(wanted);
      expect(quiet).toEqual({ records: 0, range: null, values: [], dead: [], standing: wanted[4].standing });
    });

    it('do not wait for the next one', async () => {
      const fold = foldOf({ thread: threadFor(isThreaded) });
      const { input, results } = learnt(fold);
      input.next(chunks[0]);
      await expect.poll(() => results).toHaveLength(1);
      input.next(null);
      await expect.poll(() => results).toHaveLength(2);
    });

    it('end with the first that is refused, and nothing after it is learnt', async () => {
      const model = {
        ...{ hidden: [], scale: 'none', clipInputs: false, rehearsal: false },
        optimizer: { type: 'sgd', learningRate: 1e38 },
      };
      const fold = foldOf({ model, thread: threadFor(isThreaded) });
      const { input, results, done } = learnt(fold);
      const calm = '{"x":0,"label":1}';
      const huge = ['{"x":1e38,"label":1}', '{"x":-1e38,"label":1}', '{"x":1e38,"label":0}'];
      for (const [index, values] of [[calm], huge, [calm]].entries()) input.next(chunkOf(values, 10 * index));
      await expect(done).rejects.toMatchObject({ code: 'learning-refused' });
      expect(results.map(({ range }) => range)).toEqual([{ partition: 0, from: 0, to: 1, records: 1 }]);
      expect(fold.positions.get(0)).toBe(1);
      expect(() => fold.standing()).toThrow('stands nowhere');
    });
  },
);

describe('a chunk that another thread learns', () => {
  it('is the first that the thread hears of the learner for: what was learnt again was learnt here', async () => {
    const thread = threadFor(true);
    if (!thread) throw new Error('there is to be a thread');
    const attach = vi.spyOn(thread, 'attach');
    // A fold that learns again and is then let go of, as a standby does that cannot follow.
    foldOf({ thread }).replay(chunks[0]);
    const fold = foldOf({ thread });
    fold.replay(chunks[0]);
    expect(attach).not.toHaveBeenCalled();
    const alone = foldOf();
    alone.replay(chunks[0]);
    expect(shown(fold, learnChunk(fold, chunks[1]))).toEqual(shown(alone, learnChunk(alone, chunks[1])));
    learnChunk(fold, chunks[2]);
    expect(attach).toHaveBeenCalledTimes(1);
  });

  it('lets one more be decoded, and no further', async () => {
    const fold = foldOf({ thread: threadFor(true) });
    const decoded: Chunk[] = [];
    const counted: Fold = Object.create(fold, {
      lesson: {
        value(chunk: Chunk) {
          decoded.push(chunk);
          return fold.lesson(chunk);
        },
      },
    });
    const { input, results, done } = learnt(counted);
    for (const chunk of chunks) input.next(chunk);
    // The thread has hardly started.
    expect([decoded, results]).toEqual([chunks.slice(0, 2), []]);
    input.complete();
    await done;
    expect([decoded, results.length]).toEqual([chunks, 10]);
  });
});
