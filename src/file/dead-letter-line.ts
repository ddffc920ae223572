// A dead letter as one line of JSON, for outputs that have no headers: nothing of the record is lost.

import { isUtf8 } from 'node:buffer';
import type { OutputRecord } from '../sample/record.ts';

const ERROR_PREFIX = 'millrace-error-';

/** Bytes in JSON: a string where they are valid UTF-8, else base64. */
type JsonBytes = string | { readonly base64: string } | null;

/**
 * The line of a dead letter, without line end:
 * `{"error":{"code","message","topic","partition","offset"},"key","value","headers"}`.
 * `error` comes from the `millrace-error-…` headers (null where one is missing), `headers` holds the others; a name that
 * occurs more than once has a list of values.
 */
export function renderDeadLetterLine(record: OutputRecord): string {
  const errorHeaders = new Map<string, string>();
  const others = new Map<string, JsonBytes | JsonBytes[]>();
  for (const [name, value] of record.headers) {
    if (name.startsWith(ERROR_PREFIX)) {
      errorHeaders.set(name.slice(ERROR_PREFIX.length), Buffer.from(value).toString('utf8'));
    } else {
      others.set(name, append(others.get(name), jsonBytes(value)));
    }
  }
  return JSON.stringify({
    error: {
      code: errorHeaders.get('code') ?? null,
      message: errorHeaders.get('message') ?? null,
      topic: errorHeaders.get('topic') ?? null,
      partition: numberOrNull(errorHeaders.get('partition')),
      offset: numberOrNull(errorHeaders.get('offset')),
    },
    key: jsonBytes(record.key),
    value: jsonBytes(record.value),
    headers: Object.fromEntries(others),
  });
}

function jsonBytes(bytes: Uint8Array | null): JsonBytes {
  if (bytes === null) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? buffer.toString('utf8') : { base64: buffer.toString('base64') };
}

function append(earlier: JsonBytes | JsonBytes[] | undefined, value: JsonBytes): JsonBytes | JsonBytes[] {
  if (earlier === undefined) return value;
  return Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
