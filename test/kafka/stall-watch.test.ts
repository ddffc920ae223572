import { describe, expect, it } from 'vitest';
import { createStallWatch } from '../../src/kafka/stall-watch.ts';

function simulate(fetches: readonly { durationMs: number; batches: number }[]): number {
  let nowMs = 0;
  let stalls = 0;
  const watch = createStallWatch({
    waitMs: 500,
    fetchesMax: 10,
    minMs: 20,
    now: () => nowMs,
    onStall: () => stalls++,
  });
  for (const { durationMs, batches } of fetches) {
    watch.fetchStarted();
    nowMs += durationMs;
    watch.fetchEnded(durationMs);
    for (let i = 0; i < batches; i++) watch.batchStarted();
  }
  return stalls;
}

const spinning = { durationMs: 3, batches: 0 };

describe('a stalled consumer', () => {
  it('is one that keeps fetching nothing, fast', () => {
    expect(simulate(Array(12).fill(spinning))).toBe(1);
  });

  it('is not an idle one: there the broker waits before it answers', () => {
    expect(simulate(Array(50).fill({ durationMs: 500, batches: 0 }))).toBe(0);
  });

  it('is not a busy one', () => {
    expect(simulate(Array(50).fill({ durationMs: 3, batches: 1 }))).toBe(0);
  });

  it('counts anew after any fetch that brought something', () => {
    const nearly = Array(9).fill(spinning);
    expect(simulate([...nearly, { durationMs: 3, batches: 1 }, ...nearly])).toBe(0);
  });
});
