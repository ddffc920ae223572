// Steps over JSON in bytes: each function gives where the next thing begins, or −1 where something else stands there.

import { scanNumber } from './scan-number.ts';

const SPACE = 0x20;
export const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Over white space. */
export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === SPACE || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

/** Over white space and one byte, which must be this. */
export function over(bytes: Uint8Array, start: number, byte: number): number {
  const at = skipSpace(bytes, start);
  return bytes[at] === byte ? at + 1 : -1;
}

/** Whether `name` stands at `at`, and a quote behind it. */
export function hasName(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index++) if (bytes[at + index] !== name[index]) return false;
  return bytes[at + name.length] === QUOTE;
}

/** From the quote behind a name over the colon to the value. */
export function toValue(bytes: Uint8Array, quote: number): number {
  const at = skipSpace(bytes, quote + 1);
  return bytes[at] === COLON ? skipSpace(bytes, at + 1) : -1;
}

/** From within a string to the quote that ends it; −1 where it has escapes or anything but printable ASCII. */
function toQuote(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte < SPACE || byte > 0x7e || byte === BACKSLASH) return -1;
  }
  return -1;
}

/**
 * Over a member from its name on, if the name is none of `names` (a known one that comes here is out of order, or a second
 * one), and name and value are a plain string and a plain string or number.
 */
export function skipMember(bytes: Uint8Array, at: number, names: readonly Uint8Array[]): number {
  for (const name of names) if (hasName(bytes, at, name)) return -1;
  const quote = toQuote(bytes, at);
  const value = quote < 0 ? -1 : toValue(bytes, quote);
  if (value < 0) return -1;
  if (bytes[value] !== QUOTE) return scanNumber(bytes, value);
  const end = toQuote(bytes, value + 1);
  return end < 0 ? -1 : end + 1;
}

/** A name as bytes, where it stands in JSON as it is; else bytes that no JSON has. */
export function quotable(name: string): Uint8Array {
  const bytes = Buffer.from(name);
  const isAsItIs = bytes.every((byte) => byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH);
  return isAsItIs ? bytes : Buffer.of(0xff);
}
