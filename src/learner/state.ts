// The shape in which the learner's state leaves it, for checkpoints and digests.

/** One array of the state. */
export interface StateTensor {
  readonly name: string;
  readonly dtype: 'F32' | 'F64' | 'I32' | 'U8';
  readonly shape: readonly number[];
  /** Little-endian bytes, row-major; a copy that the holder owns. */
  readonly data: Uint8Array;
}
