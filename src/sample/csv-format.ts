// CSV records (RFC 4180): the header names the columns, a record is one row. Quoted rows go through csv-parse, plain
// ones are split at the commas.

import { parse } from 'csv-parse/sync';
import { MillraceError } from '../errors.ts';
import type { ScaleName } from '../learner/spec.ts';
import { createFastCsvRow } from './fast-csv-row.ts';
import { refuse } from './feature-encoder.ts';
import { decodeText, type RecordFormat, type RecordReader } from './record-reader.ts';
import { type BoundSchema, type FeatureSpec, numericFeature, type SchemaSpec } from './schema.ts';

/**
 * The CSV format for a header; features left out are all columns but the target's and the weight's, numeric.
 * Throws MillraceError('source-header') where the header lacks a column that the schema names, or has one twice.
 */
export function createCsvFormat(spec: SchemaSpec, defaultScale: ScaleName, columns: readonly string[]): RecordFormat {
  const schema = bindToHeader(spec, defaultScale, columns);
  return {
    known: schema,
    infer: () => schema,
    reader: (bound) => createCsvReader(bound, columns),
    fastRow: (bound) => createFastCsvRow(bound, columns, columnOf),
  };
}

function bindToHeader(spec: SchemaSpec, scale: ScaleName, columns: readonly string[]): BoundSchema {
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new MillraceError('source-header', `the CSV header has the column '${twice}' twice`);
  const taken = spec.weight === null ? spec.target.from : [...spec.target.from, spec.weight];
  const features =
    spec.features ?? columns.filter((name) => !taken.includes(name)).map((name) => numericFeature(name, scale));
  const schema = { ...spec, features };
  // The target may be absent: then every row is only predicted.
  const wanted = features.map(columnOf);
  const lacking = wanted.find((name) => !columns.includes(name));
  if (lacking !== undefined)
    throw new MillraceError(
      'source-header',
      `the CSV header has no column '${lacking}'; it has: ${columns.join(', ')}`,
    );
  return schema;
}

function columnOf(feature: FeatureSpec): string {
  return feature.from ?? feature.name;
}

function createCsvReader(schema: BoundSchema, columns: readonly string[]): RecordReader {
  const features = schema.features.map((feature) => columns.indexOf(columnOf(feature)));
  const parsers = schema.features.map(cellParser);
  const label = schema.target.from.map((name) => columns.indexOf(name));
  const parseLabel = schema.target.type === 'regression' ? parseNumber : parseText;
  const weight = schema.weight === null ? -1 : columns.indexOf(schema.weight);
  return {
    read(value, into) {
      const text = decodeText(value);
      if (text === null) return refuse('malformed', 'not UTF-8');
      const cells = splitRow(text);
      if (cells === null) return refuse('malformed', 'not a CSV row: its quotes do not match');
      if (cells.length !== columns.length)
        return refuse('wrong-arity', `the row has ${cells.length} cells, the header ${columns.length}`);
      for (let i = 0; i < features.length; i++) into.features[i] = parsers[i](cells[features[i]]);
      for (let k = 0; k < label.length; k++) into.label[k] = label[k] < 0 ? undefined : parseLabel(cells[label[k]]);
      into.weight = weight < 0 ? undefined : parseNumber(cells[weight]);
      return null;
    },
  };
}

/** The cells of a row, or null where its quoting is broken. */
export function splitRow(text: string): readonly string[] | null {
  if (!text.includes('"')) return text.split(',');
  try {
    const rows = parse(text, { relax_column_count: true, skip_empty_lines: false });
    return rows.length === 1 ? rows[0] : null;
  } catch {
    return null;
  }
}

type CellParser = (cell: string) => unknown;

function cellParser(feature: FeatureSpec): CellParser {
  if (feature.type === 'numeric') return parseNumber;
  return feature.type === 'boolean' ? parseBoolean : parseText;
}

/** undefined where empty, the text itself where it is no decimal number. */
function parseNumber(cell: string): unknown {
  const number = Number(cell);
  if (number !== 0 && Number.isFinite(number) && !/[xob]/i.test(cell)) return number;
  const text = cell.trim();
  if (text === '') return undefined;
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text))
    return /nan/i.test(text) ? Number.NaN : text.startsWith('-') ? -Infinity : Infinity;
  return Number.isNaN(number) || /[xob]/i.test(text) ? text : number;
}

function parseBoolean(cell: string): unknown {
  const text = cell.trim().toLowerCase();
  if (text === '') return undefined;
  if (/^(true|1(\.0*)?)$/.test(text)) return true;
  return /^(false|0(\.0*)?)$/.test(text) ? false : cell;
}

function parseText(cell: string): unknown {
  const text = cell.trim();
  return text === '' ? undefined : text;
}
