// A chunk's samples as float32 rows: what decoding makes and learning reads.

import type { RejectionReason } from './rejection.ts';

/** A record that is not learnt from, and why. */
export interface Rejection {
  /** Index into the chunk's records. */
  readonly index: number;
  readonly reason: RejectionReason;
  /** What is wrong, in words, with the name of the field. */
  readonly message: string;
}

/** What a block holds for the learner. */
export type BlockRows = Pick<Block, 'count' | 'inputs' | 'targets' | 'labelled' | 'weights'>;

/** The samples of one chunk, in its order; row r is sample r. Its arrays may be those of the block after the next, too. */
export interface Block {
  /** Number of samples: records less rejections. */
  readonly count: number;
  /** Index of each sample's record in the chunk. [count] */
  readonly recordIndex: Int32Array;
  /** Raw, unscaled inputs. [count × inputs], row-major; NaN marks a missing value to be replaced by the column's mean. */
  readonly inputs: Float32Array;
  /** Labels. [count × targets], row-major: a class index (binary: 0 or 1), or the values in the target's units. */
  readonly targets: Float32Array;
  /** 1 where the sample has a label, else 0. [count] */
  readonly labelled: Uint8Array;
  /** Weight of each sample's gradient, 1 unless the schema maps one. [count] */
  readonly weights: Float32Array;
  readonly rejections: readonly Rejection[];
}
