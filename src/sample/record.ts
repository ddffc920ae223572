// What moves through Millrace before and after learning: records as their carrier gave them, in chunks of one partition.

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

/** Contiguous records of one partition, as one fetch brought them. */
export interface Chunk {
  /** Topic, file path or name of the synthetic stream: the first part of `millrace-source`. */
  readonly origin: string;
  readonly partition: number;
  readonly records: readonly SourceRecord[];
  /** Where the next chunk of this partition starts; past the last record by more than 1 where the log has gaps. */
  readonly nextOffset: number;
}

/** The first `count` records of a chunk. */
export function takeRecords(chunk: Chunk, count: number): Chunk {
  if (count >= chunk.records.length) return chunk;
  const next = chunk.records[count];
  return { ...chunk, records: chunk.records.slice(0, count), nextOffset: next ? next.offset : chunk.nextOffset };
}

/** A chunk in pieces of at most `count` records, in order. */
export function* pieces(chunk: Chunk, count: number): Generator<Chunk> {
  const { records } = chunk;
  for (let at = 0; at < records.length; at += count) {
    const next = records[at + count];
    yield { ...chunk, records: records.slice(at, at + count), nextOffset: next ? next.offset : chunk.nextOffset };
  }
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
