// JSON records: `{"features": {…} or […], "label": …}` or any object whose paths the schema maps. Fields are copied by
// name from own properties only, so `__proto__` and its kind never reach anything.

import type { ScaleName } from '../learner/spec.ts';
import { createFastJsonRow } from './fast-json-row.ts';
import { type Refusal, refuse, show } from './feature-encoder.ts';
import { decodeText, type RecordFormat, type RecordReader } from './record-reader.ts';
import { type BoundSchema, numericFeature, type SchemaSpec } from './schema.ts';

type JsonObject = Readonly<Record<string, unknown>>;
type Accessor = (record: JsonObject) => unknown;

/** The JSON format for a schema; inferred features are numeric and scaled by `defaultScale`. */
export function createJsonFormat(spec: SchemaSpec, defaultScale: ScaleName): RecordFormat {
  return {
    known: spec.features ? { ...spec, features: spec.features } : null,
    infer: (value) => inferSchema(spec, defaultScale, value),
    reader: createJsonReader,
    fastRow: createFastJsonRow,
  };
}

function createJsonReader(schema: BoundSchema): RecordReader {
  const readFeatures = createFeaturesReader(schema);
  const label = schema.target.from.map(pathAccessor);
  const weight = schema.weight === null ? null : pathAccessor(schema.weight);
  return {
    read(value, into) {
      const record = parseObject(value);
      if (typeof record === 'string') return refuse('malformed', record);
      const refusal = readFeatures(record, into.features);
      if (refusal) return refusal;
      for (let k = 0; k < label.length; k++) into.label[k] = label[k](record);
      into.weight = weight ? weight(record) : undefined;
      return null;
    },
  };
}

/** Fills `into` with the values of a record's features, or tells why it cannot. */
type FeaturesReader = (record: JsonObject, into: unknown[]) => Refusal | null;

function createFeaturesReader({ features }: BoundSchema): FeaturesReader {
  const accessors = features.map(({ from }) => (from === null ? null : pathAccessor(from)));
  const names = features.map(({ name }) => name);
  const usesContainer = accessors.includes(null);
  return (record, into) => {
    const container = usesContainer ? own(record, 'features') : undefined;
    const array = Array.isArray(container) ? container : null;
    if (array && array.length !== names.length)
      return refuse('wrong-arity', `'features' has ${array.length} values, the schema ${names.length}`);
    const named = isObject(container) ? container : record;
    for (let i = 0; i < names.length; i++) {
      const access = accessors[i];
      into[i] = access ? access(record) : array ? array[i] : own(named, names[i]);
    }
    return null;
  };
}

function inferSchema(spec: SchemaSpec, scale: ScaleName, value: Uint8Array): BoundSchema | null {
  const record = parseObject(value);
  if (typeof record === 'string') return null;
  const names = featureNames(record, spec);
  if (names.length === 0) return null;
  return { ...spec, features: names.map((name) => numericFeature(name, scale)) };
}

function featureNames(record: JsonObject, spec: SchemaSpec): string[] {
  const container = own(record, 'features');
  if (Array.isArray(container)) return container.map((_, i) => `f${i}`);
  if (isObject(container)) return Object.keys(container);
  const taken = new Set([...spec.target.from, spec.weight ?? ''].map((path) => path.split('.')[0]));
  return Object.keys(record).filter((name) => !taken.has(name));
}

/** The object a record holds, or in words why it holds none. */
function parseObject(value: Uint8Array): JsonObject | string {
  const text = decodeText(value);
  if (text === null) return 'not UTF-8';
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : `not an object: ${show(parsed)}`;
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(record: JsonObject, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Follows a dotted path through own properties (and array indices). */
function pathAccessor(path: string): Accessor {
  const segments = path.split('.');
  if (segments.length === 1) return (record) => own(record, path);
  return (record) => {
    let value: unknown = record;
    for (const segment of segments) {
      if (Array.isArray(value)) value = value[Number(segment)];
      else if (isObject(value)) value = own(value, segment);
      else return undefined;
    }
    return value;
  };
}
