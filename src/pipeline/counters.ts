// The counts of one run, kept by the fold and read by whoever shows them.

import type { Block } from '../sample/block.ts';
import type { Chunk } from '../sample/record.ts';
import type { RejectionReason } from '../sample/rejection.ts';

export interface RunCounters {
  readonly samples: number;
  readonly learned: number;
  readonly scored: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Partial<Record<RejectionReason, number>>>;
  readonly lossSum: number;
  readonly lossCount: number;
  readonly newestTimestampMs: number | null;
  countChunk(chunk: Chunk, block: Block): void;
  /** Losses of labelled rows; others are NaN. [count] */
  countLosses(losses: Float32Array, block: Block): void;
}

/** Counters at 0. */
export function createCounters(): RunCounters {
  const rejectedByReason: Partial<Record<RejectionReason, number>> = {};
  let [samples, learned, scored, rejected, lossSum, lossCount] = [0, 0, 0, 0, 0, 0];
  let newestTimestampMs: number | null = null;
  return {
    get samples() {
      return samples;
    },
    get learned() {
      return learned;
    },
    get scored() {
      return scored;
    },
    get rejected() {
      return rejected;
    },
    get lossSum() {
      return lossSum;
    },
    get lossCount() {
      return lossCount;
    },
    get newestTimestampMs() {
      return newestTimestampMs;
    },
    rejectedByReason,
    countChunk(chunk, block) {
      let labelled = 0;
      for (let row = 0; row < block.count; row++) labelled += block.labelled[row];
      samples += chunk.records.length;
      learned += labelled;
      scored += block.count - labelled;
      rejected += block.rejections.length;
      for (const { reason } of block.rejections) rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + 1;
      const newest = chunk.records.at(-1)?.timestampMs ?? null;
      if (newest !== null) newestTimestampMs = Math.max(newestTimestampMs ?? newest, newest);
    },
    countLosses(losses, block) {
      for (let row = 0; row < block.count; row++) {
        if (!block.labelled[row]) continue;
        lossSum += losses[row];
        lossCount++;
      }
    },
  };
}
