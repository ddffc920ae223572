import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTopicEnds } from '../../src/kafka/topic-ends.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the ends of a topic', () => {
  it('are those of partitions that this member has, and no others', () => {
    const { ends, own, see } = createTopicEnds(async () => new Map());
    see(0, 5);
    expect(ends).toEqual(new Map());
    own([0, 1]);
    see(0, 5);
    see(1, 7);
    see(2, 9);
    expect(ends).toEqual(
      new Map([
        [0, 5],
        [1, 7],
      ]),
    );
    own([1]);
    expect(ends).toEqual(new Map([[1, 7]]));
    own([]);
    expect(ends).toEqual(new Map());
  });

  it('are asked for only where nothing was heard for 5 s, one question at a time, until it is enough', async () => {
    let asked = 0;
    let answer = Promise.withResolvers<void>();
    const { ends, own, see, watch } = createTopicEnds(async () => {
      asked++;
      await answer.promise;
      return new Map([[0, { earliest: 0, latest: 10 * asked }]]);
    });
    own([0]);
    see(0, 3);
    const stop = watch();
    await vi.advanceTimersByTimeAsync(4500);
    expect(asked).toBe(0);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toBe(1);
    answer.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(ends).toEqual(new Map([[0, 10]]));
    await vi.advanceTimersByTimeAsync(6000);
    expect(asked).toBe(2);
    answer = Promise.withResolvers();
    stop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toBe(2);
  });

  it('outlive a cluster that does not answer', async () => {
    const { ends, own, see, watch } = createTopicEnds(async () => {
      throw new Error('no broker');
    });
    own([0]);
    see(0, 3);
    const stop = watch();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ends).toEqual(new Map([[0, 3]]));
    stop();
  });
});
