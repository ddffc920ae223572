// Variable-length numbers of Kafka's record format: zigzag, then seven bits a byte, the lowest first.
// Source: Apache Kafka, "Record" in the message format; Protocol Buffers, "Base 128 Varints".

/** Numbers below this, and not below its negative, have a zigzag of 31 bits: the lengths and deltas of records, as a rule. */
const smallMax = 0x40000000;

/** Zigzag: 0, −1, 1, −2 … become 0, 1, 2, 3 …; exact for integers below 2^52. */
function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

/** Bytes of a signed varint. */
export function varintBytes(value: number): number {
  let bytes = 1;
  if (value < smallMax && value >= -smallMax) {
    for (let rest = (value << 1) ^ (value >> 31); rest >= 128; rest >>= 7) bytes++;
    return bytes;
  }
  for (let rest = zigzag(value); rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** Writes a signed varint at `at`; gives where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let next = at;
  if (value < smallMax && value >= -smallMax) {
    let rest = (value << 1) ^ (value >> 31);
    for (; rest >= 128; rest >>= 7) bytes[next++] = (rest & 127) | 128;
    bytes[next++] = rest;
    return next;
  }
  let rest = zigzag(value);
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[next++] = (rest % 128) | 128;
  bytes[next++] = rest;
  return next;
}
