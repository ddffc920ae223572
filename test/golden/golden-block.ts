// A golden batch as the block that a learner reads. A mean over n samples is a weight of 1/n on each of them; batches
// smaller than the largest are filled up with samples of weight 0, so that each batch is one optimiser step.

import type { LearnerSpec } from '../../src/learner/spec.ts';
import type { Block } from '../../src/sample/block.ts';
import type { GoldenCase } from './golden-case.ts';
import { Unsupported } from './golden-spec.ts';

type Batch = GoldenCase['batches'][number];

/** Index of the 1 in a one-hot row. Throws Unsupported for any other row. */
function classOf(row: readonly number[]): number {
  const index = row.indexOf(1);
  if (index < 0 || row.some((value, k) => value !== (k === index ? 1 : 0))) {
    throw new Unsupported('class targets that are not one-hot');
  }
  return index;
}

/** The block of `batch`, filled up to `rows` rows. */
export function blockOf(batch: Batch, spec: LearnerSpec, reduction: GoldenCase['reduction'], rows: number): Block {
  const count = batch.x.length;
  const filled = Array.from({ length: rows }, (_, r) => Math.min(r, count - 1));
  const targets = spec.target === 'multiclass' ? batch.y.map((row) => [classOf(row)]) : batch.y;
  const weight = reduction === 'mean' ? 1 / count : 1;
  return {
    count: rows,
    recordIndex: Int32Array.from(filled.keys()),
    inputs: Float32Array.from(filled.flatMap((r) => batch.x[r])),
    targets: Float32Array.from(filled.flatMap((r) => targets[r])),
    labelled: new Uint8Array(rows).fill(1),
    weights: Float32Array.from(filled, (_, r) => (r < count ? weight : 0)),
    rejections: [],
  };
}
