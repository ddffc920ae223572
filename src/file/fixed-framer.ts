// Cuts a stream of bytes into records of one size.

import type { Framer } from './framer.ts';

/** Every `recordBytes` bytes are a record; what is left at the end of the input is a shorter one, for decoding to reject. */
export function createFixedFramer(recordBytes: number): Framer {
  // The beginning of a record that an earlier read did not complete.
  const kept = Buffer.alloc(recordBytes);
  let keptBytes = 0;
  return {
    push(bytes, out) {
      let at = 0;
      if (keptBytes > 0) {
        at = bytes.copy(kept, keptBytes);
        keptBytes += at;
        if (keptBytes < recordBytes) return;
        out.push(Buffer.from(kept));
      }
      for (; at + recordBytes <= bytes.length; at += recordBytes) out.push(bytes.subarray(at, at + recordBytes));
      keptBytes = bytes.copy(kept, 0, at);
    },

    end(out) {
      if (keptBytes > 0) out.push(Buffer.from(kept.subarray(0, keptBytes)));
      keptBytes = 0;
    },
  };
}
