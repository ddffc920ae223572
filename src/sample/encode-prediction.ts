// Predictions and dead letters as output records: key, headers and timestamp of the sample are kept.

import type { Rejection } from './block.ts';
import type { Chunk, Headers, OutputRecord, SourceRecord } from './record.ts';
import type { TargetSpec } from './schema.ts';

/** What a prediction's value holds besides prediction, probability and model version. */
export interface PredictionFields {
  readonly label: boolean;
  readonly loss: boolean;
}

/** One row of a learnt block, for encoding. */
export interface PredictedRow {
  /** The network's outputs. [outputs] */
  readonly outputs: Float32Array;
  readonly modelVersion: number;
  /** The label as decoded, or null without one. [targets] */
  readonly target: Float32Array | null;
  readonly loss: number;
}

/** Writes the JSON value of a prediction: DESIGN's `{"prediction", "probability" | "probabilities", "modelVersion"}`. */
export type PredictionWriter = (row: PredictedRow) => Uint8Array;

/** The writer for a target. Class names and field names are spelt once, here. */
export function createPredictionWriter(target: TargetSpec, fields: PredictionFields): PredictionWriter {
  const predict = predictionOf(target);
  const classNames = target.classes.map((value) => JSON.stringify(value));
  const labelOf = (values: Float32Array) =>
    target.type === 'regression' ? numberOrList(values) : classNames[values[0]];
  return ({ outputs, modelVersion, target: label, loss }) => {
    let text = `{${predict(outputs)},"modelVersion":${modelVersion}`;
    if (fields.label && label) text += `,"label":${labelOf(label)}`;
    if (fields.loss && label) text += `,"loss":${json(loss)}`;
    return Buffer.from(`${text}}`);
  };
}

function predictionOf(target: TargetSpec): (outputs: Float32Array) => string {
  if (target.type === 'regression') return (outputs) => `"prediction":${numberOrList(outputs)}`;
  const names = target.classes.map((value) => JSON.stringify(value));
  if (target.type === 'binary') return ([p]) => `"prediction":${names[p >= 0.5 ? 1 : 0]},"probability":${json(p)}`;
  const keys = target.classes.map((value) => `${JSON.stringify(String(value))}:`);
  return (outputs) => {
    let best = 0;
    let list = '';
    for (let k = 0; k < outputs.length; k++) {
      if (outputs[k] > outputs[best]) best = k;
      list += `${k > 0 ? ',' : ''}${keys[k]}${json(outputs[k])}`;
    }
    return `"prediction":${names[best]},"probabilities":{${list}}`;
  };
}

function numberOrList(values: Float32Array): string {
  return values.length === 1 ? json(values[0]) : `[${Array.from(values, json).join(',')}]`;
}

/** A number as JSON has it: null where a network's sum overflowed, as JSON.stringify says it. */
function json(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

/** The prediction for one record. */
export function predictionRecord(chunk: Chunk, record: SourceRecord, value: Uint8Array): OutputRecord {
  const source = `${chunk.origin}/${chunk.partition}/${record.offset}`;
  return {
    key: record.key,
    value,
    headers: [...record.headers, ['millrace-source', Buffer.from(source)]],
    timestampMs: record.timestampMs,
    partition: chunk.partition,
  };
}

/** The dead letter for one record: its bytes, key and headers, and where it came from and why it is here. */
export function deadLetterRecord(chunk: Chunk, rejection: Rejection): OutputRecord {
  const record = chunk.records[rejection.index];
  const reason: Headers = [
    ['millrace-error-code', Buffer.from(rejection.reason)],
    ['millrace-error-message', Buffer.from(rejection.message)],
    ['millrace-error-topic', Buffer.from(chunk.origin)],
    ['millrace-error-partition', Buffer.from(String(chunk.partition))],
    ['millrace-error-offset', Buffer.from(String(record.offset))],
  ];
  return {
    key: record.key,
    value: record.value,
    headers: [...record.headers, ...reason],
    timestampMs: record.timestampMs,
    partition: chunk.partition,
  };
}
