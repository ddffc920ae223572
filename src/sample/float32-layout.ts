// Where the numbers of a float32 record lie, which schemas have such records, and how a number is read.

import { type FeatureSpec, type NumericFeature, type TargetSpec, targetWidth } from './schema.ts';

/** Bytes of a record's features, and of its features and targets together. */
export interface Float32Layout {
  readonly featureBytes: number;
  readonly recordBytes: number;
}

/** The layout for so many features, numeric or boolean, and a target. */
export function layoutOf(features: number, target: Pick<TargetSpec, 'type' | 'from'>): Float32Layout {
  return { featureBytes: 4 * features, recordBytes: 4 * (features + targetWidth(target)) };
}

/** Whether a label is the index of one of so many classes. */
export function isClassIndex(label: number, classes: number): boolean {
  return Number.isInteger(label) && label >= 0 && label < classes;
}

/** What of a schema decides whether float32 records can carry it. */
export interface Float32Candidate {
  readonly features?: readonly Pick<FeatureSpec, 'name' | 'type'>[] | null | undefined;
  readonly weight?: string | null | undefined;
}

/** What float32 records cannot carry, each with its key below `schema` and the remedy; none where they can. */
export function float32Misfits({
  features,
  weight,
}: Float32Candidate): { path: (string | number)[]; message: string }[] {
  const categories = (features ?? []).flatMap(({ name, type }, index) =>
    type === 'categorical'
      ? [
          {
            path: ['features', index, 'type'],
            message: `float32 records hold numbers, and '${name}' is categorical: send JSON, or a boolean feature for each value`,
          },
        ]
      : [],
  );
  if (weight === undefined || weight === null) return categories;
  return [
    ...categories,
    { path: ['weight'], message: 'float32 records have no sample weight: leave it out, or send JSON' },
  ];
}

/** The least and the greatest float32 that a feature takes: its bounds, rounded as its values are. All of them are finite. */
export function boundsOf({ min, max }: Pick<NumericFeature, 'min' | 'max'>): { low: number; high: number } {
  return {
    low: min === null ? -float32Max : Math.max(-float32Max, rounded(min)),
    high: max === null ? float32Max : Math.min(float32Max, rounded(max)),
  };
}

const float32Max = 3.4028234663852886e38;

/** To float32, but never to a zero that it is not. */
function rounded(bound: number): number {
  return Math.fround(bound) || bound;
}

const bits = new Int32Array(1);
const floats = new Float32Array(bits.buffer);

/** The little-endian float32 at `at`, which need not be aligned; the same on a machine of either endianness. */
export function float32At(bytes: Uint8Array, at: number): number {
  bits[0] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  return floats[0];
}
