// Samples as float32 records.

import type { Block } from './block.ts';
import { layoutOf } from './float32-layout.ts';
import { type BoundSchema, targetWidth } from './schema.ts';

/** A record for each sample of a block whose features are numeric or boolean; targets are NaN where there is no label. */
export function encodeFloat32(block: Block, { features, target }: BoundSchema): Uint8Array[] {
  const { featureBytes, recordBytes } = layoutOf(features.length, target);
  const targets = targetWidth(target);
  return Array.from({ length: block.count }, (_, row) => {
    const record = Buffer.alloc(recordBytes);
    for (let i = 0; i < features.length; i++) record.writeFloatLE(block.inputs[row * features.length + i], 4 * i);
    for (let k = 0; k < targets; k++) {
      const value = block.labelled[row] === 1 ? block.targets[row * targets + k] : Number.NaN;
      record.writeFloatLE(value, featureBytes + 4 * k);
    }
    return record;
  });
}
