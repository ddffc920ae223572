// The request of the Open Inference Protocol v2 (REST), checked: named tensors with a shape, a datatype and data in
// row-major order, flat or nested.

import { z } from 'zod';
import { RequestError } from '../request-error.ts';

const int = (bits: number) => ({ low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 });
const unsigned = (bits: number) => ({ low: 0, high: 2 ** bits - 1 });

/** Whole numbers by datatype. */
const ranges: Readonly<Record<string, { readonly low: number; readonly high: number }>> = {
  ...{ INT8: int(8), INT16: int(16), INT32: int(32), INT64: int(64) },
  ...{ UINT8: unsigned(8), UINT16: unsigned(16), UINT32: unsigned(32), UINT64: unsigned(64) },
};

const datatypes = ['BOOL', ...Object.keys(ranges), 'FP16', 'FP32', 'FP64', 'BYTES'];

const parameters = z.record(z.string(), z.unknown()).optional();

/** One tensor of a request. */
const tensorSchema = z.object({
  name: z.string().max(1000).describe('`features`, or the name of a feature.'),
  shape: z.array(z.int().min(0)).min(1).max(2).describe('[rows, features] of `features`, [rows] of one feature.'),
  datatype: z.enum(datatypes),
  parameters,
  data: z.array(z.unknown()).describe('Row-major, flat or nested; null is a missing value.'),
});

/** A request for predictions. */
export const inferRequestSchema = z.object({
  id: z.string().max(1000).optional().describe('Given back in the answer.'),
  parameters,
  inputs: z.array(tensorSchema).min(1).max(10_000),
  outputs: z
    .array(z.object({ name: z.string(), parameters }))
    .optional()
    .describe('Those that are wanted; all without.'),
});

export type InferRequest = z.output<typeof inferRequestSchema>;

/** A tensor whose data fit its shape and its datatype; null stands for a missing value. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly unknown[];
}

/** Parses a body. Throws RequestError 400. */
export function parseInferRequest(body: unknown): InferRequest {
  const parsed = inferRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${placeOf(path)}: ${message}`);
  throw new RequestError(400, `not a request for predictions: ${mistakes.join('; ')}`);
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the body' : path.map(String).join('.');
}

/** Checks a tensor's data. Throws RequestError 400. */
export function readTensor({ name, shape, datatype, data }: InferRequest['inputs'][number]): Tensor {
  const values = shape.length === 2 && data.some(Array.isArray) ? flattened(name, shape, data) : data;
  const wanted = shape.reduce((product, length) => product * length, 1);
  if (values.length !== wanted)
    throw new RequestError(
      400,
      `tensor '${name}' has ${values.length} values, its shape [${shape.join(', ')}] ${wanted}`,
    );
  const wrong = values.findIndex((value) => value !== null && !isOf(datatype, value));
  if (wrong >= 0) throw new RequestError(400, `tensor '${name}': value ${wrong} is not ${datatype}`);
  return { name, shape, values };
}

/** The values of nested rows. Rows of other lengths are refused: flattened, they would move values to other rows. */
function flattened(name: string, shape: readonly number[], data: readonly unknown[]): unknown[] {
  return data.flatMap((row, index) => {
    if (Array.isArray(row) && row.length === shape[1]) return row;
    const what = Array.isArray(row) ? `has ${row.length} values` : 'is no array';
    const wanted = `its shape [${shape.join(', ')}] wants ${shape[1]} values a row`;
    throw new RequestError(400, `tensor '${name}': row ${index} ${what}, ${wanted}`);
  });
}

function isOf(datatype: string, value: unknown): boolean {
  if (datatype === 'BYTES') return typeof value === 'string';
  if (datatype === 'BOOL') return typeof value === 'boolean' || value === 0 || value === 1;
  if (typeof value !== 'number') return false;
  const range = ranges[datatype];
  return range === undefined || (Number.isInteger(value) && value >= range.low && value <= range.high);
}
