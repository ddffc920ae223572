// From a request for predictions to the answer: pure, and all of it of one model version.

import type { ServedModel } from '../../pipeline/status.ts';
import { RequestError } from '../request-error.ts';
import { decodeRows } from './decode-rows.ts';
import { describeOutputs, encodeOutputs, type OutputTensor } from './output-tensors.ts';
import { type InferRequest, parseInferRequest } from './tensors.ts';

/** The answer of the protocol. */
export interface InferAnswer {
  readonly model_name: string;
  /** Optimiser steps: `modelVersion` of the predictions of the stream. */
  readonly model_version: string;
  readonly id?: string;
  readonly outputs: readonly OutputTensor[];
}

/**
 * Predicts the rows of a request. Nothing of the model changes: the stream would have predicted the same for records
 * without a label. Throws RequestError 400.
 */
export function infer(name: string, { learner, schema }: ServedModel, body: unknown): InferAnswer {
  const request = parseInferRequest(body);
  const wanted = wantedOutputs(request, schema);
  const { count, inputs } = decodeRows(request, schema);
  const predicted = learner.predict(inputs, count);
  return {
    model_name: name,
    model_version: String(learner.steps),
    ...(request.id === undefined ? {} : { id: request.id }),
    outputs: encodeOutputs(schema, predicted, count).filter((output) => wanted.has(output.name)),
  };
}

function wantedOutputs(request: InferRequest, schema: ServedModel['schema']): ReadonlySet<string> {
  const known = describeOutputs(schema).map((output) => output.name);
  const wanted = request.outputs?.map((output) => output.name) ?? known;
  const unknown = wanted.find((output) => !known.includes(output));
  if (unknown !== undefined)
    throw new RequestError(400, `there is no output '${unknown}'; there are: ${known.join(', ')}`);
  return new Set(wanted.length > 0 ? wanted : known);
}
