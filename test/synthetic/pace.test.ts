import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace, type Pace } from '../../src/synthetic/pace.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Takes chunks at a pace, in the background, until `stop`; `busyMs` is what each one costs whoever takes it. */
function taking(samplesPerSecond: number, busyMs: (chunk: number) => number = () => 0) {
  const { chunkRecords, wait } = createPace(samplesPerSecond);
  const controller = new AbortController();
  const taken = { chunkRecords, records: 0, ended: false, stop: () => controller.abort() };
  const loop = async () => {
    for (let chunk = 0; !controller.signal.aborted; chunk++) {
      await wait(chunkRecords, controller.signal);
      if (controller.signal.aborted) break;
      taken.records += chunkRecords;
      const busy = busyMs(chunk);
      if (busy > 0) await new Promise((resolve) => setTimeout(resolve, busy));
    }
    taken.ended = true;
  };
  void loop();
  return taken;
}

describe('a pace', () => {
  it.each([
    [1, 1],
    [500, 20],
    [10_000, 400],
    [1_000_000, 1000],
  ])('of %d a second goes in chunks of %d', (samplesPerSecond, chunkRecords) => {
    expect(createPace(samplesPerSecond).chunkRecords).toBe(chunkRecords);
  });

  it('lets out as many records as it says, the first at once', async () => {
    const taken = taking(500);
    await vi.advanceTimersByTimeAsync(1);
    expect(taken.records).toBe(20);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Math.abs(taken.records - 5000)).toBeLessThanOrEqual(40);
    taken.stop();
  });

  it('makes up for a little lateness, so that the rate holds', async () => {
    const taken = taking(500, (chunk) => (chunk % 10 === 0 ? 90 : 0));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Math.abs(taken.records - 5000)).toBeLessThanOrEqual(60);
    taken.stop();
  });

  it('does not flood whoever was away for long', async () => {
    const taken = taking(500, (chunk) => (chunk === 0 ? 60_000 : 0));
    await vi.advanceTimersByTimeAsync(60_000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(taken.records).toBeLessThanOrEqual(20 + 500 + 40);
    expect(taken.records).toBeGreaterThan(400);
    taken.stop();
  });

  it('ends its wait when it is aborted, and leaves no timer', async () => {
    const taken = taking(0.001);
    await vi.advanceTimersByTimeAsync(5);
    expect(taken).toMatchObject({ records: 1, ended: false });
    taken.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toMatchObject({ records: 1, ended: true });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('no pace', () => {
  beforeEach(() => void vi.useRealTimers());

  /** Takes chunks as they come for so long, or until the event loop turns; tells whether it did. */
  async function turnsWithin(ms: number, wait: Pace['wait']): Promise<boolean> {
    const until = performance.now() + ms;
    let turned = false;
    const immediate = setImmediate(() => {
      turned = true;
    });
    while (!turned && performance.now() < until) await wait(1000, new AbortController().signal);
    clearImmediate(immediate);
    return turned;
  }

  it('lets others have their turn every now and then', async () => {
    const { wait } = createPace(undefined);
    expect(await turnsWithin(2000, wait)).toBe(true);
    expect(await turnsWithin(2000, wait)).toBe(true);
  });

  it('leaves that to whoever does so himself', async () => {
    const { wait } = createPace(undefined);
    for (let chunk = 0; chunk < 6; chunk++) {
      expect(await turnsWithin(50, wait)).toBe(false);
      await new Promise((resolve) => void setImmediate(resolve));
    }
  });
});
