// A stretch of bytes within larger ones, for reading in place: one is pointed at record after record, where a view of each
// would be an object of its own.

/** Bytes [from, to) of `bytes`. Mutable: whoever keeps what it points at makes a view of it. */
export interface Span {
  bytes: Uint8Array;
  from: number;
  to: number;
}

const noBytes = new Uint8Array(0);

/** A span of nothing, to be pointed elsewhere. */
export function createSpan(): Span {
  return { bytes: noBytes, from: 0, to: 0 };
}

/** Points at all of `bytes`; false, with the span as it was, for null. */
export function spanAll(span: Span, bytes: Uint8Array | null): boolean {
  if (bytes === null) return false;
  span.bytes = bytes;
  span.from = 0;
  span.to = bytes.length;
  return true;
}

/** What a span points at, as bytes by themselves: a view, nothing is copied. */
export function viewOf({ bytes, from, to }: Span): Uint8Array {
  return bytes.subarray(from, to);
}
