// Output records side by side: their own bytes lie in one stretch, and nothing is allocated for one until it is asked for.

import type { Page } from './page.ts';
import type { Headers, OutputRecord, Records } from './record.ts';
import { createSpan, type Span, spanAll } from './span.ts';

/** The header that tells which record an output record was made of. */
export const sourceHeader = 'millrace-source';

/** Records of one partition's samples, packed: on the page are value and source of each, in turns. */
export interface PackedRecords extends Page {
  readonly length: number;
  /** Where they end in `bytes`, each beginning where the one before ends. [2 × length] */
  readonly ends: Int32Array;
  /** What the records were made of, whose keys, headers and timestamps are theirs: number `index[row]` of the samples. */
  readonly samples: Records;
  readonly index: Int32Array;
  readonly partition: number;
}

/** Records of an output, in order. */
export type OutputRecords = readonly OutputRecord[] | PackedRecords;

/** Where the parts of a record lie. */
export interface RecordParts {
  readonly key: Span;
  /** Otherwise `key` is another record's. */
  hasKey: boolean;
  headers: Headers;
  /** NaN where there is none. */
  timestampMs: number;
  /** What holds value and source. */
  bytes: Uint8Array;
  /** The same bytes; null where no other record shares them. */
  view: DataView | null;
  valueFrom: number;
  /** Before `valueFrom` where the record has no value. */
  valueTo: number;
  /** The source, one header more, lies from `valueTo` to here; −1 where there is none. */
  sourceTo: number;
}

const noBytes = new Uint8Array(0);

/** Where the value of record `row` begins in `bytes`. */
export function valueFrom({ ends }: Pick<PackedRecords, 'ends'>, row: number): number {
  return row === 0 ? 0 : ends[2 * row - 1];
}

/** Parts to be filled in by `readParts`. */
export function createParts(): RecordParts {
  return {
    ...{ key: createSpan(), hasKey: false, headers: [], timestampMs: Number.NaN },
    ...{ bytes: noBytes, view: null, valueFrom: 0, valueTo: -1, sourceTo: -1 },
  };
}

/** Fills in the parts of record `row`. */
export function readParts(records: OutputRecords, row: number, parts: RecordParts): void {
  if ('ends' in records) readPacked(records, row, parts);
  else readSingle(records[row], parts);
}

function readPacked(records: PackedRecords, row: number, parts: RecordParts): void {
  const { samples, bytes, view, ends } = records;
  const index = records.index[row];
  parts.hasKey = samples.readKey(index, parts.key);
  parts.headers = samples.headers(index);
  parts.timestampMs = samples.timestampMs(index);
  parts.bytes = bytes;
  parts.view = view;
  parts.valueFrom = valueFrom(records, row);
  parts.valueTo = ends[2 * row];
  parts.sourceTo = ends[2 * row + 1];
}

function readSingle({ key, value, headers, timestampMs }: OutputRecord, parts: RecordParts): void {
  parts.hasKey = spanAll(parts.key, key);
  parts.headers = headers;
  parts.timestampMs = timestampMs ?? Number.NaN;
  parts.bytes = value ?? noBytes;
  parts.view = null;
  parts.valueFrom = 0;
  parts.valueTo = value === null ? -1 : value.length;
  parts.sourceTo = -1;
}

/** Record `row` by itself; its bytes are views. */
export function recordAt(records: OutputRecords, row: number): OutputRecord {
  if (!('ends' in records)) return records[row];
  const { bytes, ends, samples, index, partition } = records;
  const { key, headers, timestampMs } = samples.at(index[row]);
  const value = bytes.subarray(valueFrom(records, row), ends[2 * row]);
  const source = [sourceHeader, bytes.subarray(ends[2 * row], ends[2 * row + 1])] as const;
  return { key, value, headers: [...headers, source], timestampMs, partition };
}

/** All of them, each by itself. */
export function unpacked(records: OutputRecords): readonly OutputRecord[] {
  return 'ends' in records ? Array.from({ length: records.length }, (_, row) => recordAt(records, row)) : records;
}
