import { setImmediate, setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { concatMap, lastValueFrom, map, mergeMap, of, pipe, take, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { bounded, type FlightGauge } from '../../src/pipeline/bounded.ts';

/** The numbers from 0, and what has become of the iterable so far. */
function numbers(count: number, { failAt = -1 } = {}) {
  const seen = { pulled: 0, returned: false };
  async function* generate() {
    try {
      for (let index = 0; index < count; index++) {
        if (index === failAt) throw new Error(`no ${index}`);
        seen.pulled++;
        yield index;
      }
    } finally {
      seen.returned = true;
    }
  }
  return { items: generate(), seen };
}

/** A stage that holds each item until it is let go. */
function holding() {
  const release: (() => void)[] = [];
  const hold = concatMap(async (item: number) => {
    await new Promise<void>((resolve) => release.push(resolve));
    return item;
  });
  return { hold, release };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 15; turn++) await setImmediate();
}

describe('bounded', () => {
  it('stops pulling while a stage is slow, and goes on as it lets go', async () => {
    const { items, seen } = numbers(10);
    const { hold, release } = holding();
    const gauge: FlightGauge = { inFlight: 0 };
    const results: number[] = [];
    const subscription = bounded(items, 3, hold, gauge).subscribe((item) => results.push(item));
    await settle();
    expect(seen.pulled).toBe(3);
    expect(gauge.inFlight).toBe(3);
    release.shift()?.();
    await settle();
    expect(results).toEqual([0]);
    expect(seen.pulled).toBe(4);
    subscription.unsubscribe();
  });

  it('never has more in flight than the limit, whatever the timing, and keeps the order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 20 }),
        async (limit, turns) => {
          const gauge: FlightGauge = { inFlight: 0 };
          let [inside, most] = [0, 0];
          const stages = pipe(
            tap<number>(() => {
              inside++;
              most = Math.max(most, inside);
            }),
            concatMap(async (item) => {
              for (let turn = 0; turn < turns[item]; turn++) await setImmediate();
              return item;
            }),
            tap(() => inside--),
          );
          const { items } = numbers(turns.length);
          const results = await lastValueFrom(bounded(items, limit, stages, gauge).pipe(toArray()));
          expect(results).toEqual(turns.map((_, index) => index));
          expect(most).toBeLessThanOrEqual(limit);
          expect(gauge.inFlight).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('completes once every result is out', async () => {
    const { items } = numbers(5);
    const slow = mergeMap((item: number) => setTimeout(5 * (5 - item), item), 1);
    expect(await lastValueFrom(bounded(items, 2, slow).pipe(toArray()))).toEqual([0, 1, 2, 3, 4]);
    expect(await lastValueFrom(bounded(numbers(0).items, 2, slow).pipe(toArray()))).toEqual([]);
  });

  it('fails as the iterable fails', async () => {
    const { items } = numbers(5, { failAt: 2 });
    await expect(
      lastValueFrom(
        bounded(
          items,
          2,
          map((item: number) => item),
        ),
      ),
    ).rejects.toThrow('no 2');
  });

  it('fails as a stage fails, and leaves the iterable', async () => {
    const { items, seen } = numbers(1000);
    const gauge: FlightGauge = { inFlight: 0 };
    const stage = map((item: number) => {
      if (item === 3) throw new Error('no room');
      return item;
    });
    await expect(lastValueFrom(bounded(items, 2, stage, gauge))).rejects.toThrow('no room');
    await settle();
    expect(seen).toEqual({ pulled: 4, returned: true });
    expect(gauge.inFlight).toBe(0);
  });

  it('leaves the iterable when a stage has had enough', async () => {
    const { items, seen } = numbers(1000);
    expect(await lastValueFrom(bounded(items, 2, take(3)).pipe(toArray()))).toEqual([0, 1, 2]);
    await settle();
    expect(seen).toEqual({ pulled: 3, returned: true });
  });

  it('leaves the iterable when nobody listens any more, in the middle of a wait too', async () => {
    const { items, seen } = numbers(1000);
    const { hold } = holding();
    const gauge: FlightGauge = { inFlight: 0 };
    const subscription = bounded(items, 2, hold, gauge).subscribe();
    await settle();
    subscription.unsubscribe();
    await settle();
    expect(seen).toEqual({ pulled: 2, returned: true });
    expect(gauge.inFlight).toBe(0);
  });

  it('lets timers have their turn though the iterable never waits', async () => {
    const { items } = numbers(Number.POSITIVE_INFINITY);
    const subscription = bounded(
      items,
      4,
      concatMap((item) => of(item)),
    ).subscribe();
    await setTimeout(20);
    subscription.unsubscribe();
  });

  it.each([
    [30, 30, 99],
    [150, 100, 149],
  ])('lets others have turns of %d ms, and works from %d to %d ms in between', async (hogMs, fewest, most) => {
    const stretches: number[] = [];
    let endedAt: number | null = null;
    /** Takes as long in every turn of the loop. */
    const hog = async () => {
      while (stretches.length < 4) {
        await setImmediate();
        const startedAt = performance.now();
        if (endedAt !== null) stretches.push(startedAt - endedAt);
        while (performance.now() < startedAt + hogMs);
        endedAt = performance.now();
      }
    };
    const work = map(() => {
      const until = performance.now() + 1;
      while (performance.now() < until);
    });
    const subscription = bounded(numbers(Number.POSITIVE_INFINITY).items, 4, work).subscribe();
    await hog();
    subscription.unsubscribe();
    // The first one began before the others had had a turn; the machine may hold any of them up.
    expect(Math.min(...stretches.slice(1))).toBeGreaterThanOrEqual(fewest);
    expect(Math.min(...stretches.slice(1))).toBeLessThanOrEqual(most);
  });
});
