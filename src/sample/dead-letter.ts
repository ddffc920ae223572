// Dead letters as output records: the record as it came, and where it came from and why it is here.

import type { Rejection } from './block.ts';
import type { Chunk, Headers, OutputRecord } from './record.ts';

/** The dead letter for one record of a chunk. */
export function deadLetterRecord(chunk: Chunk, rejection: Rejection): OutputRecord {
  const record = chunk.records.at(rejection.index);
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
