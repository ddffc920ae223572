// What to do with a record that its topic is too small for: a dead letter gives up the end of its value, so that one
// giant record cannot stop the stream for ever.

import { MillraceError } from '../errors.ts';
import type { OutputRecord } from '../sample/record.ts';
import { recordBytes } from './records.ts';

/** Header of a record whose value was cut: the number of bytes it had, in decimal. */
export const originalBytesHeader = 'millrace-original-bytes';

/** The record, its value cut to fit into `bytesMax`. Throws kafka-record-too-large where even its key and headers do not fit. */
export function fitRecord(record: OutputRecord, bytesMax: number, topic: string): OutputRecord {
  const value = record.value ?? new Uint8Array(0);
  const header = [originalBytesHeader, Buffer.from(String(value.length))] as const;
  const bare = { ...record, value: null, headers: [...record.headers, header] };
  const room = bytesMax - recordBytes([bare], 0);
  if (room < 0) throw oversizeError(record, bytesMax, topic);
  return { ...bare, value: value.subarray(0, room) };
}

/** kafka-record-too-large for a record that its topic does not take. */
export function oversizeError(record: OutputRecord, bytesMax: number, topic: string): MillraceError {
  return new MillraceError(
    'kafka-record-too-large',
    `A record of ${recordBytes([record], 0)} bytes does not fit into Kafka topic '${topic}', which takes ${bytesMax}. ` +
      'Raise `max.message.bytes` of the topic.',
  );
}
