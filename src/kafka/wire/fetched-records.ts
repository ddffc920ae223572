// Fetched records as columns over their bytes: where key and value lie, offset and time. As records live from the fetch to
// the commit, an object for each would be copied by the collector; so nothing is on the heap for them, and their headers,
// which few have, are read when somebody asks.

import type { Headers, Records, SourceRecord } from '../../sample/record.ts';
import { createSpan, type Span, viewOf } from '../../sample/span.ts';
import { noHeaders, readHeaders } from './record-headers.ts';

/** The columns, as long as records are appended; they have room for more than `length`. */
export interface RecordColumns {
  length: number;
  /** What the records lie in, in their order. */
  readonly buffers: Buffer[];
  /**
   * For each record the number of its buffer, where key and value begin and end in that, and where the record ends.
   * [capacity × 6], row-major
   */
  places: Int32Array;
  offsets: Float64Array;
  /** NaN where a record has none. */
  timestampsMs: Float64Array;
}

/** How many numbers of a record `places` has. */
export const placeNumbers = 6;
/** Which of them says where a field begins; the next one says where it ends, which for null is before. */
const fieldAt = { key: 1, value: 3 };
/** Which says where the record ends. */
const endAt = 5;
/** A record is no shorter: seven numbers of at least a byte. */
const recordBytesMin = 7;

/** Columns without a record or room for one. */
export function createColumns(): RecordColumns {
  return {
    length: 0,
    buffers: [],
    places: new Int32Array(0),
    offsets: new Float64Array(0),
    timestampsMs: new Float64Array(0),
  };
}

/** What is to be appended. */
export interface Coming {
  /** Records of the next batch, and their bytes. */
  readonly count: number;
  readonly bytes: number;
  /** What was fetched up to the end of that batch, and after it. */
  readonly doneBytes: number;
  readonly restBytes: number;
}

/**
 * Makes room for the next batch, and for the rest of the fetch as if that were like all before: made in one go, the columns
 * are as long as they need to be, and nothing is thrown away.
 */
export function reserve(columns: RecordColumns, { count, bytes, doneBytes, restBytes }: Coming): void {
  // However many a damaged batch says it has.
  const needed = columns.length + Math.max(0, Math.min(count, Math.ceil(bytes / recordBytesMin)));
  if (needed <= columns.offsets.length) return;
  // A rest of compressed batches may hold more, but is not made room for before it is seen.
  const likely = Math.min((needed * restBytes) / doneBytes, restBytes / recordBytesMin);
  const capacity = needed + Math.ceil(likely);
  const { places, offsets, timestampsMs } = columns;
  columns.places = new Int32Array(placeNumbers * capacity);
  columns.places.set(places);
  columns.offsets = new Float64Array(capacity);
  columns.offsets.set(offsets);
  columns.timestampsMs = new Float64Array(capacity);
  columns.timestampsMs.set(timestampsMs);
}

/** Bytes outside of the heap that columns hold. */
export function bytesOf({ buffers, places, offsets, timestampsMs }: RecordColumns): number {
  return [...buffers, places, offsets, timestampsMs].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The records of columns that are appended to no more. */
export function fetchedRecords(columns: RecordColumns): Records {
  return new FetchedRecords(columns, 0);
}

/** A class, so that the records of all fetches share their methods and are of one shape. */
class FetchedRecords implements Records {
  readonly length: number;
  private readonly buffers: readonly Buffer[];
  /** The number of the first of the buffers. */
  private readonly firstBuffer: number;
  private readonly places: Int32Array;
  private readonly offsets: Float64Array;
  private readonly timestampsMs: Float64Array;

  constructor({ length, buffers, places, offsets, timestampsMs }: Readonly<RecordColumns>, firstBuffer: number) {
    this.length = length;
    this.buffers = buffers;
    this.firstBuffer = firstBuffer;
    this.places = places;
    this.offsets = offsets;
    this.timestampsMs = timestampsMs;
  }

  offset(index: number): number {
    return this.offsets[index];
  }

  timestampMs(index: number): number {
    return this.timestampsMs[index];
  }

  headers(index: number): Headers {
    const first = placeNumbers * index;
    const bytes = this.bufferOf(index);
    const at = Math.max(this.places[first + fieldAt.value], this.places[first + fieldAt.value + 1]);
    return bytes[at] === 0 ? noHeaders : readHeaders({ bytes, at }, this.places[first + endAt]);
  }

  readKey(index: number, span: Span): boolean {
    return this.readField(index, fieldAt.key, span);
  }

  readValue(index: number, span: Span): boolean {
    return this.readField(index, fieldAt.value, span);
  }

  at(index: number): SourceRecord {
    const timestampMs = this.timestampsMs[index];
    const span = createSpan();
    return {
      key: this.readKey(index, span) ? viewOf(span) : null,
      value: this.readValue(index, span) ? viewOf(span) : null,
      headers: this.headers(index),
      timestampMs: Number.isNaN(timestampMs) ? null : timestampMs,
      offset: this.offsets[index],
    };
  }

  /** Holds the columns of all records, but only the buffers of its own: those are many where batches were compressed. */
  slice(from: number, to: number): Records {
    const length = to - from;
    const first = length === 0 ? this.firstBuffer : this.places[placeNumbers * from];
    const last = length === 0 ? first : this.places[placeNumbers * (to - 1)] + 1;
    const columns = {
      length,
      buffers: this.buffers.slice(first - this.firstBuffer, last - this.firstBuffer),
      places: this.places.subarray(placeNumbers * from, placeNumbers * to),
      offsets: this.offsets.subarray(from, to),
      timestampsMs: this.timestampsMs.subarray(from, to),
    };
    return new FetchedRecords(columns, first);
  }

  private bufferOf(index: number): Buffer {
    return this.buffers[this.places[placeNumbers * index] - this.firstBuffer];
  }

  private readField(index: number, field: number, span: Span): boolean {
    const from = this.places[placeNumbers * index + field];
    const to = this.places[placeNumbers * index + field + 1];
    if (to < from) return false;
    span.bytes = this.bufferOf(index);
    span.from = from;
    span.to = to;
    return true;
  }
}
