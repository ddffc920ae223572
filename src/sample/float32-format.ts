// float32 records: the features in the schema's order, then the targets, each a little-endian float32, nothing else. NaN
// stands for a missing value; a class is its index among the classes.

import type { ScaleName } from '../learner/spec.ts';
import { createFastFloat32Row } from './fast-float32-row.ts';
import { type Refusal, refuse } from './feature-encoder.ts';
import { boundsOf, float32At, isClassIndex, layoutOf } from './float32-layout.ts';
import type { RecordFormat, RecordReader } from './record-reader.ts';
import {
  type BoundSchema,
  type FeatureSpec,
  numericFeature,
  type SchemaSpec,
  type TargetSpec,
  targetWidth,
} from './schema.ts';

/** Where the records of a float32 input end. */
export interface Float32Ends {
  /** Whether a record without a label may end behind its features; where all have one size (files), it would be a cut one. */
  readonly mayLackTargets: boolean;
}

/**
 * The float32 format for a schema of numeric and boolean features and no weight; inferred features are f0, f1, …, numeric,
 * scaled by `defaultScale`, as many as the first record has numbers besides its targets.
 */
export function createFloat32Format(spec: SchemaSpec, defaultScale: ScaleName, ends: Float32Ends): RecordFormat {
  return {
    known: spec.features ? { ...spec, features: spec.features } : null,
    infer: (value) => inferSchema(spec, defaultScale, value),
    reader: (schema) => createFloat32Reader(schema, ends),
    fastRow: (schema) => createFastFloat32Row(schema, ends.mayLackTargets),
  };
}

function inferSchema(spec: SchemaSpec, scale: ScaleName, value: Uint8Array): BoundSchema | null {
  const count = value.length / 4 - targetWidth(spec.target);
  if (count < 1 || !Number.isInteger(count)) return null;
  return { ...spec, features: Array.from({ length: count }, (_, i) => numericFeature(`f${i}`, scale)) };
}

function createFloat32Reader(schema: BoundSchema, { mayLackTargets }: Float32Ends): RecordReader {
  const { features, target } = schema;
  const { featureBytes, recordBytes } = layoutOf(features.length, target);
  const toValue = features.map(featureValue);
  const readLabel = createLabelReader(target);
  return {
    read(value, into) {
      const lacksTargets = mayLackTargets && value.length === featureBytes;
      if (value.length !== recordBytes && !lacksTargets) return badLength(value.length, schema, mayLackTargets);
      for (let i = 0; i < toValue.length; i++) into.features[i] = toValue[i](float32At(value, 4 * i));
      into.weight = undefined;
      if (!lacksTargets) return readLabel(value, featureBytes, into.label);
      for (let k = 0; k < targetWidth(target); k++) into.label[k] = undefined;
      return null;
    },
  };
}

/** Reads the targets at `at` into `label`, undefined where they are NaN and by its value where one is a class. */
function createLabelReader(target: TargetSpec): (value: Uint8Array, at: number, label: unknown[]) => Refusal | null {
  const { from, classes } = target;
  if (target.type !== 'regression') {
    return (value, at, label) => {
      const number = float32At(value, at);
      if (!Number.isNaN(number) && !isClassIndex(number, classes.length)) return noClass(number, target);
      label[0] = Number.isNaN(number) ? undefined : classes[number];
      return null;
    };
  }
  return (value, at, label) => {
    for (let k = 0; k < from.length; k++) {
      const number = float32At(value, at + 4 * k);
      label[k] = Number.isNaN(number) ? undefined : number;
    }
    return null;
  };
}

/** What a feature's number means: nothing where it is NaN, its bound where it is that but for the rounding to float32. */
function featureValue(feature: FeatureSpec): (number: number) => number | undefined {
  if (feature.type !== 'numeric') return (number) => (Number.isNaN(number) ? undefined : number);
  const { low, high } = boundsOf(feature);
  const min = feature.min ?? low;
  const max = feature.max ?? high;
  return (number) => {
    if (Number.isNaN(number)) return undefined;
    if (number < min && number >= low) return min;
    return number > max && number <= high ? max : number;
  };
}

function badLength(bytes: number, schema: BoundSchema, mayLackTargets: boolean): Refusal {
  const { featureBytes, recordBytes } = layoutOf(schema.features.length, schema.target);
  const targets = targetWidth(schema.target);
  const wanted =
    `the schema's ${schema.features.length} features and ${targets} target${targets === 1 ? '' : 's'} take ${recordBytes}` +
    (mayLackTargets ? `, or ${featureBytes} without a label` : '');
  if (bytes % 4 !== 0) return refuse('malformed', `${bytes} bytes are no whole number of float32 values; ${wanted}`);
  return refuse('wrong-arity', `the record has ${bytes} bytes, that is ${bytes / 4} numbers; ${wanted}`);
}

function noClass(number: number, { from, classes }: TargetSpec): Refusal {
  const last = classes.length - 1;
  return refuse('unknown-class', `label '${from[0]}' is ${number}, not the index of a class, 0 to ${last}`);
}
