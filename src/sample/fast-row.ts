// The fast way of decoding: straight from a record's bytes into its row, for the shape that the schema expects. Whatever
// is not quite so is left to the thorough way, which alone knows how to refuse.

import { scanNumber, scanned, settleFloat32 } from './scan-number.ts';
import type { NumericFeature, TargetSpec } from './schema.ts';
import type { Span } from './span.ts';

/** The arrays of a block that a row is written to. */
export interface RowArrays {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly labelled: Uint8Array;
  readonly weights: Float32Array;
}

/**
 * Decodes a record into a row, in place; false where it did not, with nothing of the row to be relied on. Whatever lies
 * around the record may be looked at, as a thing ends where another begins, but decides nothing.
 */
export type FastRow = (value: Span, row: number, into: RowArrays) => boolean;

/**
 * Writes the number at `at` of a numeric feature to `inputs[place]`; gives where it ends, or −1 where it is no number, none
 * that float32 holds, or out of the feature's range.
 */
export function scanFeature(
  bytes: Uint8Array,
  at: number,
  { min, max }: NumericFeature,
  inputs: Float32Array,
  place: number,
): number {
  const end = scanNumber(bytes, at);
  if (end < 0 || !settleFloat32(inputs, place)) return -1;
  if (min === null && max === null) return end;
  const isWithin = scanned[1] === 0 && (min === null || scanned[0] >= min) && (max === null || scanned[0] <= max);
  return isWithin ? end : -1;
}

/** Writes the label at `at` to `targets[place]`; gives where it ends, or −1. */
export type LabelScanner = (bytes: Uint8Array, at: number, targets: Float32Array, place: number) => number;

/** The scanner of numeric labels: values of a regression with one output, or numbers among the classes. */
export function createLabelScanner({ type, classes }: TargetSpec): LabelScanner {
  if (type === 'regression') {
    return (bytes, at, targets, place) => {
      const end = scanNumber(bytes, at);
      return end >= 0 && settleFloat32(targets, place) ? end : -1;
    };
  }
  const numbers = classes.map((value) => (typeof value === 'number' ? value : Number.NaN));
  return (bytes, at, targets, place) => {
    const end = scanNumber(bytes, at);
    const index = end < 0 || scanned[1] !== 0 ? -1 : numbers.indexOf(scanned[0]);
    targets[place] = index;
    return index < 0 ? -1 : end;
  };
}
