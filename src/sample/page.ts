// Bytes that are written and copied four at a time: as bytes, and as what words are read from and written to.

export interface Page {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

/** The page of some bytes, which it shares. */
export function pageOf(bytes: Buffer<ArrayBuffer>): Page {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** Copies bytes [from, to): for the lengths of a record's parts a loop is faster than `set`, which needs a view of them. */
export function copyWords(into: DataView, start: number, source: DataView, from: number, to: number): number {
  let at = start;
  let next = from;
  for (; next + 4 <= to; next += 4, at += 4) into.setInt32(at, source.getInt32(next, true), true);
  for (; next < to; next++) into.setUint8(at++, source.getUint8(next));
  return at;
}
