// Variable-length numbers of Kafka's record format: zigzag, then seven bits a byte, the lowest first.
// Source: Apache Kafka, "Record" in the message format; Protocol Buffers, "Base 128 Varints".

/** Zigzag: 0, −1, 1, −2 … become 0, 1, 2, 3 …; exact for integers below 2^52. */
function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

/** Bytes of a signed varint. */
export function varintBytes(value: number): number {
  let rest = zigzag(value);
  let bytes = 1;
  while (rest >= 128) {
    rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
    bytes++;
  }
  return bytes;
}

/** Writes a signed varint at `at`; gives where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = zigzag(value);
  let next = at;
  while (rest >= 128) {
    bytes[next++] = (rest % 128) | 128;
    rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
  }
  bytes[next++] = rest;
  return next;
}
