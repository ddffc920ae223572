// The counts of one run, kept by the fold and read by whoever shows them.

import type { Block } from '../sample/block.ts';
import type { Chunk, Records } from '../sample/record.ts';
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
  /** Records learnt again in silence. */
  readonly replayed: number;
  /** Begins to count outcomes anew, from a checkpoint. */
  beginOutcomes(): void;
  /** What became of all records since then, those replayed included: what the next checkpoint adds to its counts. */
  outcomes(): { readonly learned: number; readonly scored: number; readonly rejected: number };
  countChunk(chunk: Chunk, block: Block): void;
  countReplayed(block: Block): void;
  /** Losses of labelled rows; others are NaN, and one that overflowed is left out. [count] */
  countLosses(losses: Float32Array, block: Block): void;
}

/** Counters at 0. */
export function createCounters(): RunCounters {
  const rejectedByReason: Partial<Record<RejectionReason, number>> = {};
  let [samples, learned, scored, rejected, lossSum, lossCount] = [0, 0, 0, 0, 0, 0];
  const again = { learned: 0, scored: 0, rejected: 0 };
  let newestTimestampMs: number | null = null;
  const total = () => ({
    learned: learned + again.learned,
    scored: scored + again.scored,
    rejected: rejected + again.rejected,
  });
  let begun = total();
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
    get replayed() {
      return again.learned + again.scored + again.rejected;
    },
    rejectedByReason,
    beginOutcomes() {
      begun = total();
    },
    outcomes() {
      const now = total();
      return {
        learned: now.learned - begun.learned,
        scored: now.scored - begun.scored,
        rejected: now.rejected - begun.rejected,
      };
    },
    countReplayed(block) {
      const labelled = labelledRows(block);
      again.learned += labelled;
      again.scored += block.count - labelled;
      again.rejected += block.rejections.length;
    },
    countChunk(chunk, block) {
      const labelled = labelledRows(block);
      samples += chunk.records.length;
      learned += labelled;
      scored += block.count - labelled;
      rejected += block.rejections.length;
      for (const { reason } of block.rejections) rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + 1;
      const newest = newestOf(chunk.records, newestTimestampMs ?? -Infinity);
      if (newest > -Infinity) newestTimestampMs = newest;
    },
    countLosses(losses, block) {
      // Added up in locals: a variable that closures share would be given a heap number for each sample.
      let [sum, finite] = [lossSum, 0];
      for (let row = 0; row < block.count; row++) {
        if (!block.labelled[row] || !Number.isFinite(losses[row])) continue;
        sum += losses[row];
        finite++;
      }
      lossSum = sum;
      lossCount += finite;
    },
  };
}

/** The newest of some times and `atLeast`. */
function newestOf(records: Records, atLeast: number): number {
  let newest = atLeast;
  for (let index = 0; index < records.length; index++) {
    const timestampMs = records.timestampMs(index);
    if (timestampMs > newest) newest = timestampMs;
  }
  return newest;
}

function labelledRows(block: Block): number {
  let labelled = 0;
  for (let row = 0; row < block.count; row++) labelled += block.labelled[row];
  return labelled;
}
