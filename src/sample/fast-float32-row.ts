// float32 records, decoded without parsing: numbers checked and copied, nothing allocated. What it accepts the thorough way
// accepts too, and gives the same row.

import type { FastRow } from './fast-row.ts';
import { boundsOf, float32At, isClassIndex, layoutOf } from './float32-layout.ts';
import { type BoundSchema, type FeatureSpec, type TargetSpec, targetWidth } from './schema.ts';
import type { Span } from './span.ts';

/** The fast way for a schema; null where a feature is neither numeric nor boolean. */
export function createFastFloat32Row(schema: BoundSchema, mayLackTargets: boolean): FastRow | null {
  const { features, target } = schema;
  if (features.some(({ type }) => type === 'categorical')) return null;
  const { featureBytes, recordBytes } = layoutOf(features.length, target);
  const takeFeatures = featuresTaker(features);
  const takeLabel = labelTaker(target);
  const targets = targetWidth(target);
  return (value, row, into) => {
    const { bytes, from, to } = value;
    const isWhole = to - from === recordBytes;
    if (!isWhole && !(mayLackTargets && to - from === featureBytes)) return false;
    if (!takeFeatures(value, into.inputs, row * features.length)) return false;
    const first = row * targets;
    const labelled = isWhole ? takeLabel(bytes, from + featureBytes, into.targets, first) : 0;
    if (labelled < 0) return false;
    if (labelled === 0) for (let k = 0; k < targets; k++) into.targets[first + k] = 0;
    into.labelled[row] = labelled;
    into.weights[row] = 1;
    return true;
  };
}

/** Writes a record's features to `inputs[first …]`; false where one is to be refused. */
function featuresTaker(
  features: readonly FeatureSpec[],
): (value: Span, inputs: Float32Array, first: number) => boolean {
  // No number is between those of a boolean feature.
  const bounds = features.map((feature) => (feature.type === 'numeric' ? boundsOf(feature) : { low: 1, high: 0 }));
  const low = Float64Array.from(bounds, (bound) => bound.low);
  const high = Float64Array.from(bounds, (bound) => bound.high);
  const isBoolean = Uint8Array.from(features, ({ type }) => (type === 'boolean' ? 1 : 0));
  const mayMiss = Uint8Array.from(features, ({ missing }) => (missing === 'reject' ? 0 : 1));
  const ifMissing = Float32Array.from(features, ({ missing }) => (missing === 'mean' ? Number.NaN : 0));

  function takeOther(number: number, i: number, inputs: Float32Array, place: number): boolean {
    const isTruth = isBoolean[i] === 1 && (number === 0 || number === 1);
    if (!isTruth && !(Number.isNaN(number) && mayMiss[i] === 1)) return false;
    // Where −0 means false, it is 0.
    inputs[place] = isTruth ? number + 0 : ifMissing[i];
    return true;
  }

  return ({ bytes, from }, inputs, first) => {
    for (let i = 0; i < low.length; i++) {
      const number = float32At(bytes, from + 4 * i);
      if (number >= low[i] && number <= high[i]) inputs[first + i] = number;
      else if (!takeOther(number, i, inputs, first + i)) return false;
    }
    return true;
  };
}

/** Writes the label at `at` to `targets[first …]`: 1, or 0 where there is none (all NaN), or −1 where it is to be refused. */
type LabelTaker = (bytes: Uint8Array, at: number, targets: Float32Array, first: number) => number;

function labelTaker({ type, from, classes }: TargetSpec): LabelTaker {
  if (type !== 'regression') {
    return (bytes, at, targets, first) => {
      const number = float32At(bytes, at);
      if (Number.isNaN(number)) return 0;
      if (!isClassIndex(number, classes.length)) return -1;
      targets[first] = number + 0;
      return 1;
    };
  }
  return (bytes, at, targets, first) => {
    let absent = 0;
    for (let k = 0; k < from.length; k++) {
      const number = float32At(bytes, at + 4 * k);
      targets[first + k] = number;
      if (Number.isNaN(number)) absent++;
      else if (!Number.isFinite(number)) return -1;
    }
    if (absent === 0) return 1;
    return absent === from.length ? 0 : -1;
  };
}
