// Noise on the labels of a synthetic stream.

import { type Generator, MICRO } from './generator.ts';
import type { Draws } from './random.ts';

const WORD = 0x1_0000_0000;
const HALF_WORD = 0x1_0000;

/** Flips a class with probability `noise`, or adds noise of standard deviation `noise` to a value in micro-units. */
export function addNoise(label: number, noise: number, target: Generator['target'], draws: Draws): number {
  if (noise === 0) return label;
  if (target === 'binary') return draws.word() < noise * WORD ? 1 - label : label;
  return label + Math.round(noise * MICRO * standardNormal(draws));
}

/**
 * Nearly standard normal, mean 0 and variance 1, without a logarithm: the sum of twelve uniform numbers less 6
 * (Irwin–Hall distribution; within ±6). Each word gives two of them.
 */
function standardNormal(draws: Draws): number {
  let sum = 0;
  for (let count = 0; count < 6; count += 1) {
    const word = draws.word();
    sum += (word >>> 16) + (word & (HALF_WORD - 1)) + 1;
  }
  return sum / HALF_WORD - 6;
}
