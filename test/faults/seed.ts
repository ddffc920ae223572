// The run's seed, and numbers drawn from it: the same seed, the same faults.

import { inject } from 'vitest';

/** Numbers from [0, 1) that depend on the run's seed and the case's name only (mulberry32). */
export function createDraw(name: string): () => number {
  let state = inject('seed');
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` to `high`, both included. */
export function between(draw: () => number, low: number, high: number): number {
  return low + Math.floor(draw() * (high - low + 1));
}
