// Many small byte arrays out of few large ones: a view costs a fraction of a buffer of its own.

/** Room that is handed out from its beginning to its end, and then replaced. */
export interface ByteSlab {
  /** Makes sure that `size` bytes can be written from `at` on. */
  reserve(size: number): void;
  /** The bytes at hand; what was taken is never written again. */
  readonly bytes: Buffer;
  /** Where the next bytes go. */
  readonly at: number;
  /** A view of what was written from `at` to `end`; `at` moves there. */
  take(end: number): Buffer;
}

/** A slab that is replaced after `slabBytes`. */
export function createByteSlab(slabBytes = 65_536): ByteSlab {
  let bytes = Buffer.alloc(0);
  let at = 0;
  return {
    reserve(size) {
      if (at + size <= bytes.length) return;
      bytes = Buffer.allocUnsafeSlow(Math.max(slabBytes, size));
      at = 0;
    },
    get bytes() {
      return bytes;
    },
    get at() {
      return at;
    },
    take(end) {
      const view = bytes.subarray(at, end);
      at = end;
      return view;
    },
  };
}
