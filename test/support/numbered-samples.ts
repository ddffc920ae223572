// Samples that are told apart by a number, the same every time: what the faults suite sends, and looks for afterwards.

import type { Message } from 'kafkajs';

/** The features of every sample, in order. */
export const sampleFeatures = ['a', 'b', 'c', 'd'] as const;

/** The n-th sample: key `sample-N`, four numbers from −1 to 1, and a label that they decide but for a tenth. */
export function numberedSample(n: number): { readonly key: string; readonly value: string } {
  const [a, b, c, d, luck] = [1, 2, 3, 4, 5].map((which) => scattered(n, which));
  const label = a * b + c > 0.2 * d !== luck > 0.8 ? 1 : 0;
  return { key: `sample-${n}`, value: JSON.stringify({ features: { a, b, c, d }, label }) };
}

/** Samples [from, to) dealt to the partitions in turn. */
export function numberedMessages(from: number, to: number, partitions: number): Message[] {
  return Array.from({ length: to - from }, (_, index) => {
    const n = from + index;
    return { ...numberedSample(n), partition: n % partitions };
  });
}

/** A number from −1 to 1, of four decimals, from two integers (the finaliser of MurmurHash3). */
function scattered(n: number, which: number): number {
  let bits = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(which, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  bits ^= bits >>> 16;
  return Math.round(((bits >>> 0) / 2 ** 32) * 20_000 - 10_000) / 10_000;
}
