// A float32 as the number that JSON gives the fewest digits, the same as in published predictions.

import { numberBytesMax, writeFloat32 } from '../../sample/write-number.ts';

const room = Buffer.alloc(numberBytesMax);

/** A float64 that reads back as the float32 it was made of; null where it is not finite. */
export function shortestFloat32(value: number): number | null {
  return Number.isFinite(value) ? Number(room.toString('latin1', 0, writeFloat32(room, 0, value))) : null;
}
