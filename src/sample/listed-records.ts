// Records that are objects from the start, as files, synthetic streams and kafkajs make them.

import type { Headers, Records, SourceRecord } from './record.ts';
import { type Span, spanAll } from './span.ts';

/** The records of a list. A class, so that all of them share their methods and are of one shape. */
class ListedRecords implements Records {
  private readonly list: readonly SourceRecord[];

  constructor(list: readonly SourceRecord[]) {
    this.list = list;
  }

  get length(): number {
    return this.list.length;
  }

  offset(index: number): number {
    return this.list[index].offset;
  }

  timestampMs(index: number): number {
    return this.list[index].timestampMs ?? Number.NaN;
  }

  headers(index: number): Headers {
    return this.list[index].headers;
  }

  readKey(index: number, span: Span): boolean {
    return spanAll(span, this.list[index].key);
  }

  readValue(index: number, span: Span): boolean {
    return spanAll(span, this.list[index].value);
  }

  at(index: number): SourceRecord {
    return this.list[index];
  }

  slice(from: number, to: number): Records {
    return new ListedRecords(this.list.slice(from, to));
  }
}

/** The records of a list, which is not to change any more. */
export function listedRecords(list: readonly SourceRecord[]): Records {
  return new ListedRecords(list);
}

/** Each of the records by itself. */
export function recordList(records: Records): SourceRecord[] {
  return Array.from({ length: records.length }, (_, index) => records.at(index));
}
