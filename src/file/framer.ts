// What cuts the bytes of a file into records.

/** Cuts by the bytes alone, never by how they were split into reads: a resumed run must count the same records. */
export interface Framer {
  /** Appends the records that `bytes` completes to `out`; they share its memory, which must not change again. */
  push(bytes: Buffer, out: Uint8Array[]): void;
  /** Appends what is left at the end of the input, if anything is. */
  end(out: Uint8Array[]): void;
}
