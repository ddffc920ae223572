// Numbers as JSON text, written straight into bytes.

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/** The most bytes that a number takes: `-3.4028234663852886e+38` has 23. */
export const numberBytesMax = 25;

/** Above this many bytes a call of `set`, and the view that it needs, cost less than a loop. */
const loopBytesMax = 40;

/** Powers of ten that a float64 holds exactly: 10^0 … 10^22. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Writes a whole number from 0 to 2^53; gives where it ends. */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit && digits < 17; limit *= 10) digits++;
  let rest = value;
  for (let index = at + digits - 1; index >= at; index--) {
    const next = rest < 0x80000000 ? (rest / 10) | 0 : Math.floor(rest / 10);
    bytes[index] = ZERO + (rest - next * 10);
    rest = next;
  }
  return at + digits;
}

/**
 * Writes a float32 with the fewest digits that read back as it: 0.93, not 0.9300000071525574. NaN and infinities are
 * `null`, as JSON has no other word for them. Gives where it ends.
 */
export function writeFloat32(bytes: Uint8Array, start: number, value: number): number {
  if (!Number.isFinite(value)) return writeText(bytes, start, 'null');
  let at = start;
  const size = Math.abs(value);
  if (value < 0) bytes[at++] = MINUS;
  if (size === 0) {
    bytes[at] = ZERO;
    return at + 1;
  }
  // Beyond these the powers of ten are not exact: rare enough to leave to the engine.
  if (size < 1e-34 || size >= 1e9) return writeText(bytes, at, shortestText(size));
  return writeShortest(bytes, at, size);
}

/** A number from 1e-34 to 1e9; below 1e-6 with an exponent, as JavaScript has it. */
function writeShortest(bytes: Uint8Array, at: number, value: number): number {
  // Tiny ones are looked at through a power of ten that is exact itself.
  const shift = value < 1e-12 ? 22 : 0;
  const size = value * powers[shift];
  let exponent = 0;
  while (exponent < 9 && size >= powers[exponent + 1]) exponent++;
  if (size < 1) for (exponent = -1; size * powers[-exponent] < 1; ) exponent--;
  for (let precision = 6; precision <= 9; precision++) {
    const decimals = precision - 1 - exponent;
    const digits = Math.round(decimals >= 0 ? size * powers[decimals] : size / powers[-decimals]);
    const back = (decimals >= 0 ? digits / powers[decimals] : digits * powers[-decimals]) / powers[shift];
    if (Math.fround(back) !== value) continue;
    if (back >= 1e-6) return writeDecimal(bytes, at, digits, decimals);
    // Rounding may have made 10 of 9.99….
    const carry = digits === powers[precision] ? 1 : 0;
    const end = writeText(bytes, writeDecimal(bytes, at, digits, precision - 1 + carry), 'e-');
    return writeInteger(bytes, end, shift - exponent - carry);
  }
  return writeText(bytes, at, String(value));
}

/** `digits` · 10^−`decimals`, without zeros at its end. */
function writeDecimal(bytes: Uint8Array, start: number, digits: number, decimals: number): number {
  let rest = digits;
  let places = decimals;
  for (; places > 0 && rest % 10 === 0; places--) rest /= 10;
  if (places <= 0) return writeInteger(bytes, start, places === 0 ? rest : rest * powers[-places]);
  const whole = Math.floor(rest / powers[places]);
  let fraction = rest - whole * powers[places];
  const at = writeInteger(bytes, start, whole);
  bytes[at] = POINT;
  for (let index = at + places; index > at; index--) {
    const next = (fraction / 10) | 0;
    bytes[index] = ZERO + (fraction - next * 10);
    fraction = next;
  }
  return at + places + 1;
}

/** The shortest text with an exponent that reads back as a float32. */
function shortestText(size: number): string {
  for (let precision = 6; precision <= 9; precision++) {
    const text = size.toPrecision(precision);
    if (Math.fround(Number(text)) === size) return String(Number(text));
  }
  return String(size);
}

/** Writes ASCII text; gives where it ends. */
export function writeText(bytes: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** Copies bytes: few of them, for which a loop is faster than a call of `set`. Gives where they end. */
export function writeBytes(bytes: Uint8Array, at: number, part: Uint8Array): number {
  for (let index = 0; index < part.length; index++) bytes[at + index] = part[index];
  return at + part.length;
}

/** Copies `part[from … to)`: in a loop where that is faster than a call of `set`. Gives where the copy ends. */
export function copyBytes(bytes: Uint8Array, at: number, part: Uint8Array, from: number, to: number): number {
  const end = at + to - from;
  if (to - from > loopBytesMax) bytes.set(part.subarray(from, to), at);
  else for (let index = at, read = from; index < end; index++) bytes[index] = part[read++];
  return end;
}
