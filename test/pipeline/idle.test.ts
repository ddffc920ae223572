import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withIdle } from '../../src/pipeline/idle.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Yields each item after its delay in milliseconds; fails at an error. */
async function* timed(...steps: [delayMs: number, item: string | Error][]): AsyncGenerator<string> {
  for (const [delayMs, item] of steps) {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (item instanceof Error) throw item;
    yield item;
  }
}

/** What is heard of the items in `ms` milliseconds of silence at 10: items as they are, null as `-`. */
async function heard(items: AsyncIterable<string>, ms: number): Promise<string> {
  let text = '';
  const listening = (async () => {
    for await (const item of withIdle(items, 10)) text += item ?? '-';
    text += '|';
  })().catch((error: unknown) => {
    text += `#${error instanceof Error ? error.message : ''}`;
  });
  await vi.advanceTimersByTimeAsync(ms);
  void listening;
  return text;
}

describe('withIdle', () => {
  it('tells of silence, again and again, and loses no item over it', async () => {
    expect(await heard(timed([5, 'a'], [9, 'b'], [35, 'c']), 60)).toBe('ab---c|');
  });

  it('counts the silence from the last item', async () => {
    expect(await heard(timed([8, 'a'], [8, 'b'], [8, 'c']), 60)).toBe('abc|');
  });

  it('fails as the iterable fails, at once and after a silence', async () => {
    expect(await heard(timed([5, 'a'], [5, new Error('gone')]), 60)).toBe('a#gone');
    expect(await heard(timed([25, new Error('gone')]), 60)).toBe('--#gone');
  });

  it('leaves no timer behind', async () => {
    await heard(timed([5, 'a']), 60);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets go of the iterable when it is left early', async () => {
    let returned = false;
    async function* items() {
      try {
        for (;;) yield 'a';
      } finally {
        returned = true;
      }
    }
    for await (const _ of withIdle(items(), 10)) break;
    await setImmediate();
    expect(returned).toBe(true);
  });

  it('does not stumble over an iterable that fails while it is let go of', async () => {
    async function* items() {
      try {
        for (;;) yield 'a';
      } finally {
        await Promise.reject(new Error('already closed'));
      }
    }
    for await (const item of withIdle(items(), 10)) {
      expect(item).toBe('a');
      break;
    }
    await setImmediate();
  });
});
