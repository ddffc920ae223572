// What moves through Millrace before and after learning: records as their carrier gave them, in chunks of one partition.

import type { Span } from './span.ts';

/** Header values as bytes, in the order they came; a name may occur more than once. */
export type Headers = readonly (readonly [name: string, value: Uint8Array])[];

/** One record of the input. */
export interface SourceRecord {
  readonly key: Uint8Array | null;
  /** The payload; null is a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: Headers;
  /** Event time in milliseconds since the epoch; null where the carrier has none (files). */
  readonly timestampMs: number | null;
  /** Position in its partition: a Kafka offset, or a record number from 0. */
  readonly offset: number;
}

/**
 * Records in a row, read in place: only `at` and headers make anything of their own. Of two kinds, so that what reads them
 * stays fast: those that were objects from the start (listed-records.ts), and columns over fetched bytes (kafka/wire).
 */
export interface Records {
  readonly length: number;
  offset(index: number): number;
  /** NaN where the carrier has none: null beside numbers would be an object for each of them. */
  timestampMs(index: number): number;
  headers(index: number): Headers;
  /** Points `span` at the key; false where there is none. */
  readKey(index: number, span: Span): boolean;
  /** Points `span` at the value; false for a tombstone. */
  readValue(index: number, span: Span): boolean;
  /** A record by itself, for whoever keeps it; its bytes are views. */
  at(index: number): SourceRecord;
  /** Records [from, to); their bytes are not copied. */
  slice(from: number, to: number): Records;
}

/** Contiguous records of one partition, as one fetch brought them. */
export interface Chunk {
  /** Topic, file path or name of the synthetic stream: the first part of `millrace-source`. */
  readonly origin: string;
  readonly partition: number;
  readonly records: Records;
  /** Where the next chunk of this partition starts; past the last record by more than 1 where the log has gaps. */
  readonly nextOffset: number;
}

/** The first `count` records of a chunk. */
export function takeRecords(chunk: Chunk, count: number): Chunk {
  return count >= chunk.records.length ? chunk : piece(chunk, 0, count);
}

/** All but the first `count` records of a chunk. */
export function dropRecords(chunk: Chunk, count: number): Chunk {
  return piece(chunk, count, chunk.records.length);
}

/** A chunk in pieces of at most `count` records, in order. */
export function* pieces(chunk: Chunk, count: number): Generator<Chunk> {
  for (let at = 0; at < chunk.records.length; at += count) yield piece(chunk, at, at + count);
}

function piece(chunk: Chunk, from: number, to: number): Chunk {
  const { records } = chunk;
  if (to >= records.length) return { ...chunk, records: records.slice(from, records.length) };
  return { ...chunk, records: records.slice(from, to), nextOffset: records.offset(to) };
}

/** One record of an output: a prediction or a dead letter. */
export interface OutputRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
  readonly timestampMs: number | null;
  /** The input's partition, so that a sink with partitions can keep each one's order; null where there was none. */
  readonly partition: number | null;
}

/** The next offset of every partition: everything before it has been dealt with. */
export type Positions = ReadonlyMap<number, number>;
