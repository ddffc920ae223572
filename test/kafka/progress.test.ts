import { describe, expect, it } from 'vitest';
import { createProgress, requireHeld, startPositions } from '../../src/kafka/progress.ts';
import type { Positions } from '../../src/sample/record.ts';

/** Progress that has begun. */
function begun(start: Positions, ends: Positions | null) {
  const progress = createProgress(ends);
  progress.begin(start);
  return progress;
}

describe('progress', () => {
  it('is not done before it has begun', () => {
    const progress = createProgress(new Map([[0, 0]]));
    expect([progress.begun, progress.allDone()]).toEqual([false, false]);
    progress.begin(new Map());
    expect([progress.begun, progress.allDone()]).toEqual([true, true]);
  });

  it('never goes back', () => {
    const progress = begun(new Map([[0, 5]]), null);
    progress.advance(0, 9);
    progress.advance(0, 7);
    expect(progress.next(0)).toBe(9);
  });

  it('is done when every partition is at its end', () => {
    const ends = new Map([
      [0, 10],
      [1, 0],
    ]);
    const progress = begun(new Map([[0, 8]]), ends);
    expect([progress.done(0), progress.done(1), progress.allDone()]).toEqual([false, true, false]);
    progress.advance(0, 12);
    expect(progress.allDone()).toBe(true);
  });

  it('is never done without ends', () => {
    const progress = begun(new Map(), null);
    expect([progress.done(0), progress.allDone()]).toEqual([false, false]);
  });
});

describe('where to start', () => {
  const held = new Map([
    [0, { earliest: 100, latest: 200 }],
    [1, { earliest: 7, latest: 9 }],
  ]);

  it('is the position given, and the earliest record where none is', () => {
    expect([...startPositions('t', new Map([[0, 150]]), held)]).toEqual([
      [0, 150],
      [1, 7],
    ]);
  });

  it.each([100, 200])('may be either watermark: %i', (position) => {
    expect(() => requireHeld('t', 0, position, held.get(0))).not.toThrow();
  });

  it('must not be before what retention has left: says partition, wanted and held', () => {
    expect(() => startPositions('t', new Map([[0, 99]]), held)).toThrow(
      "Partition 0 of Kafka topic 't' holds offsets 100..200, but offset 99 comes next. " +
        'Retention has passed the position, and the records between are lost: to go on without them, start once with ' +
        '`--accept lost-records`; to learn anew, use another `name`.',
    );
  });

  it('is what is left, where the loss of records was accepted', () => {
    const lost: number[][] = [];
    const start = startPositions('t', new Map([[0, 99]]), held, (...gap) => lost.push(gap));
    expect(start.get(0)).toBe(100);
    expect(lost).toEqual([[0, 99, 100]]);
    expect(() => startPositions('t', new Map([[0, 201]]), held, () => {})).toThrow(/The topic was truncated/);
  });

  it('must not be past the end, nor in a partition that is gone', () => {
    expect(() => startPositions('t', new Map([[1, 10]]), held)).toThrow(/The topic was truncated/);
    expect(() => startPositions('t', new Map([[4, 0]]), held)).toThrow(/Partition 4 of Kafka topic 't' is gone/);
  });
});
