// From the bytes of a record to its raw values: the port that JSON, CSV and float32 implement.

import type { FastRow } from './fast-row.ts';
import type { Refusal } from './feature-encoder.ts';
import type { BoundSchema } from './schema.ts';

/** The raw values of one record, in the schema's order; undefined or null where missing. Reused from record to record. */
export interface RawSample {
  readonly features: unknown[];
  readonly label: unknown[];
  weight: unknown;
}

/** Reads one record's value for a known schema. */
export interface RecordReader {
  /** Fills `into`, or tells why the record cannot be read. Never throws on bad data. */
  read(value: Uint8Array, into: RawSample): Refusal | null;
}

/** What a format must do. */
export interface RecordFormat {
  /** The schema where configuration or header tell it before any record is read, else null. */
  readonly known: BoundSchema | null;
  /** The schema with its features filled in from a first record, or null where this record cannot tell. */
  infer(value: Uint8Array): BoundSchema | null;
  reader(schema: BoundSchema): RecordReader;
  /** The fast way of the whole of a record into its row, where the schema has one. */
  fastRow(schema: BoundSchema): FastRow | null;
}

// Fatal, so that broken UTF-8 is rejected instead of learnt as U+FFFD.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a record, or null where it is not UTF-8. */
export function decodeText(value: Uint8Array): string | null {
  try {
    return utf8.decode(value);
  } catch {
    return null;
  }
}
