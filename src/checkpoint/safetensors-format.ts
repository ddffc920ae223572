// What encoder and decoder of the safetensors format share: https://github.com/huggingface/safetensors#format
// A file is an unsigned 64-bit little-endian header length, a JSON header of that length, and the tensors' bytes.

import type { StateTensor } from '../learner/state.ts';

/** Bytes of one element. */
export const dtypeBytes: Readonly<Record<StateTensor['dtype'], number>> = { F64: 8, F32: 4, I32: 4, U8: 1 };

/** Bytes of the header length, before the header. */
export const prefixBytes = 8;

/** The tensors' bytes start at a multiple of this; the header is padded with spaces to get there. */
export const dataAlignment = 8;

/** The largest header that is read, in bytes: the cap of the reference implementation. */
export const headerBytesMax = 100_000_000;

/** The key of the header that holds text instead of a tensor. */
export const metadataKey = '__metadata__';

/** A safetensors file in memory. */
export interface SafetensorsFile {
  /** In the order of their bytes in the file. */
  readonly tensors: readonly StateTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes that a tensor of this type and shape fills; not an integer any more where a shape is absurdly large. */
export function tensorBytes(dtype: StateTensor['dtype'], shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, dtypeBytes[dtype]);
}
