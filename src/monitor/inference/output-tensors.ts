// Predictions as the tensors of an answer: the class and its probability, or the values of a regression, as the stream
// publishes them.

import type { BoundSchema, ClassLabel, FeatureSpec, TargetSpec } from '../../sample/schema.ts';
import { shortestFloat32 } from './shortest-float32.ts';

/** A tensor's name, datatype and shape; −1 is the number of rows. */
export interface TensorDescription {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A tensor of an answer. */
export interface OutputTensor extends TensorDescription {
  readonly data: readonly unknown[];
}

/** What a request may hold: one tensor for each feature. */
export function describeInputs({ features }: BoundSchema): TensorDescription[] {
  return features.map((feature) => ({ name: feature.name, datatype: datatypeOfFeature(feature), shape: [-1] }));
}

function datatypeOfFeature({ type }: FeatureSpec): string {
  if (type === 'numeric') return 'FP64';
  return type === 'boolean' ? 'BOOL' : 'BYTES';
}

/** What an answer holds. */
export function describeOutputs({ target }: BoundSchema): TensorDescription[] {
  const { type, classes, from } = target;
  if (type === 'regression')
    return [{ name: 'prediction', datatype: 'FP32', shape: from.length === 1 ? [-1] : [-1, from.length] }];
  const prediction = { name: 'prediction', datatype: datatypeOfClasses(classes), shape: [-1] };
  if (type === 'binary') return [prediction, { name: 'probability', datatype: 'FP32', shape: [-1] }];
  const parameters = { classes: classes.map(String) };
  return [prediction, { name: 'probabilities', datatype: 'FP32', shape: [-1, classes.length], parameters }];
}

/** The tensors of `count` rows of outputs. [count × outputs] */
export function encodeOutputs(schema: BoundSchema, outputs: Float32Array, count: number): OutputTensor[] {
  const { target } = schema;
  const numbers = Array.from(outputs, shortestFloat32);
  return describeOutputs(schema).map((description) => ({
    ...description,
    shape: description.shape.map((length) => (length === -1 ? count : length)),
    data:
      description.name === 'prediction' && target.type !== 'regression' ? classesOf(target, outputs, count) : numbers,
  }));
}

function classesOf({ type, classes }: TargetSpec, outputs: Float32Array, count: number): unknown[] {
  const asText = datatypeOfClasses(classes) === 'BYTES';
  const width = outputs.length / count;
  return Array.from({ length: count }, (_, row) => {
    const label = classes[type === 'binary' ? Number(outputs[row] >= 0.5) : largest(outputs, row * width, width)];
    return asText ? String(label) : label;
  });
}

/** Index of the first largest of a row. */
function largest(outputs: Float32Array, from: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) if (outputs[from + k] > outputs[from + best]) best = k;
  return best;
}

function datatypeOfClasses(classes: readonly ClassLabel[]): string {
  if (classes.every(Number.isInteger)) return 'INT64';
  if (classes.every((label) => typeof label === 'number')) return 'FP64';
  return classes.every((label) => typeof label === 'boolean') ? 'BOOL' : 'BYTES';
}
