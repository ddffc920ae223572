// Reads the variable-length numbers of Kafka's record format one after the other; the counterpart of varint.ts.

/** A place in bytes; reading moves it on. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/**
 * The signed varint at the cursor; exact for integers below 2^52. Past the end of the bytes it gives nonsense and goes
 * no further: whoever reads knows where a record ends.
 */
export function readVarint(cursor: Cursor): number {
  const { bytes } = cursor;
  let byte = bytes[cursor.at++];
  if (byte < 128) return (byte >>> 1) ^ -(byte & 1);
  let raw = byte & 127;
  let scale = 128;
  do {
    byte = bytes[cursor.at++];
    raw += (byte & 127) * scale;
    scale *= 128;
  } while (byte >= 128);
  return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
}
