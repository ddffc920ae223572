// The tensors of a request as float32 rows, through the encoders of the stream: what is missing, out of range or of an
// unknown category is treated as there, only that a row which would go to the dead letters is refused.

import { createFeatureEncoder } from '../../sample/feature-encoder.ts';
import { type BoundSchema, widthOf } from '../../sample/schema.ts';
import { RequestError } from '../request-error.ts';
import { type InferRequest, readTensor, type Tensor } from './tensors.ts';

/** Rows that one request may hold: what the learning has to wait for. */
export const rowsMax = 10_000;

/** The tensor that holds all features. */
export const allFeatures = 'features';

/** Raw inputs. [count × inputs], row-major */
export interface Rows {
  readonly count: number;
  readonly inputs: Float32Array;
}

/** The value of a feature in a row. */
type Lookup = (row: number, feature: number) => unknown;

/** Throws RequestError 400 for tensors that do not fit the schema, and for the first row that has no prediction. */
export function decodeRows({ inputs }: InferRequest, schema: BoundSchema): Rows {
  const tensors = inputs.map(readTensor);
  const count = rowsOf(tensors);
  const lookup = lookupOf(tensors, schema);
  const encoders = schema.features.map(createFeatureEncoder);
  const widths = schema.features.map(widthOf);
  const width = widths.reduce((sum, each) => sum + each, 0);
  const rows = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let feature = 0, at = row * width; feature < encoders.length; at += widths[feature++]) {
      const refusal = encoders[feature](lookup(row, feature), rows, at);
      if (refusal) throw new RequestError(400, `row ${row}: ${refusal.message} (${refusal.reason})`);
    }
  }
  return { count, inputs: rows };
}

function rowsOf(tensors: readonly Tensor[]): number {
  const [{ name, shape }] = tensors;
  const other = tensors.find((tensor) => tensor.shape[0] !== shape[0]);
  if (other)
    throw new RequestError(400, `tensor '${other.name}' has ${other.shape[0]} rows, tensor '${name}' ${shape[0]}`);
  if (shape[0] < 1 || shape[0] > rowsMax)
    throw new RequestError(400, `the request has ${shape[0]} rows; it may have 1 to ${rowsMax}`);
  return shape[0];
}

function lookupOf(tensors: readonly Tensor[], { features }: BoundSchema): Lookup {
  const names = features.map(({ name }) => name);
  const [first] = tensors;
  if (tensors.length === 1 && first.name === allFeatures && !names.includes(allFeatures)) {
    const [, columns = 1] = first.shape;
    if (columns !== names.length)
      throw new RequestError(400, `tensor '${allFeatures}' has ${columns} columns, the model ${names.length} features`);
    return (row, feature) => first.values[row * columns + feature];
  }
  const byName = new Map<string, Tensor>();
  for (const tensor of tensors) {
    const { name, shape } = tensor;
    if (!names.includes(name))
      throw new RequestError(400, `the model has no feature '${name}'; it has ${shortList(names)}`);
    if (byName.has(name)) throw new RequestError(400, `tensor '${name}' is there twice`);
    if ((shape[1] ?? 1) !== 1)
      throw new RequestError(400, `tensor '${name}' has the shape [${shape.join(', ')}]; of one feature it is [rows]`);
    byName.set(name, tensor);
  }
  const columns = names.map((name) => byName.get(name)?.values);
  return (row, feature) => columns[feature]?.[row];
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
