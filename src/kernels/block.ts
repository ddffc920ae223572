// The block views of a kernel's memory.

import type { KernelBlock } from './kernel.ts';
import type { Layout } from './layout.ts';

/** Lays the block's views over a kernel's memory. */
export function createBlock(buffer: ArrayBufferLike, { regions }: Layout): KernelBlock {
  const { blockInputs, blockTargets, blockLabelled, blockWeights, blockOutputs, blockLosses, blockVersions } = regions;
  return {
    inputs: new Float32Array(buffer, blockInputs.offset, blockInputs.length),
    targets: new Float32Array(buffer, blockTargets.offset, blockTargets.length),
    labelled: new Uint8Array(buffer, blockLabelled.offset, blockLabelled.length),
    weights: new Float32Array(buffer, blockWeights.offset, blockWeights.length),
    outputs: new Float32Array(buffer, blockOutputs.offset, blockOutputs.length),
    losses: new Float32Array(buffer, blockLosses.offset, blockLosses.length),
    versions: new Float64Array(buffer, blockVersions.offset, blockVersions.length),
  };
}
