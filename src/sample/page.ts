// Bytes that are written and copied four at a time: as bytes, and as what words are read from and written to. Pages that many
// records go through are freed by whoever is done with them.

/** Above this many bytes a call of `set`, and the view that it needs, cost less than a loop. */
const loopBytesMax = 40;

/** Bytes, and a view of the same. */
export interface Page {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

/** The page of some bytes, which it shares. */
export function pageOf(bytes: Buffer<ArrayBuffer>): Page {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** A page with memory of its own, its bytes whatever they are. */
export function createPage(size: number): Page {
  return pageOf(Buffer.allocUnsafeSlow(size));
}

/**
 * Frees the memory of a page that has one of its own and that nobody reads any more: left to the collector it would be counted
 * until all of the heap was gone through, and the more often that would be. What still asks finds no bytes.
 */
export function freePage({ bytes }: Page): void {
  bytes.buffer.transfer(0);
}

/**
 * Copies bytes [from, to), word by word: for the lengths of a record's parts that is faster than `set`, which needs a view of
 * them. Gives where the copy ends.
 */
export function copyWords(into: DataView, start: number, source: DataView, from: number, to: number): number {
  let at = start;
  let next = from;
  for (; next + 4 <= to; next += 4, at += 4) into.setInt32(at, source.getInt32(next, true), true);
  for (; next < to; next++) into.setUint8(at++, source.getUint8(next));
  return at;
}

/** Copies `part[from … to)`: in a loop where that is faster than a call of `set`. Gives where the copy ends. */
export function copyBytes(bytes: Uint8Array, at: number, part: Uint8Array, from: number, to: number): number {
  const end = at + to - from;
  if (to - from > loopBytesMax) bytes.set(part.subarray(from, to), at);
  else for (let index = at, read = from; index < end; index++) bytes[index] = part[read++];
  return end;
}
