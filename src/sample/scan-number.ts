// Decimal numbers out of bytes, without a string: the float32 that JSON.parse's number becomes, or nothing.
// Source: Clinger, "How to Read Floating Point Numbers Accurately" (PLDI 1990): a significand below 2^53 and a power of
// ten up to 10^22 are exact in float64, so that one multiplication or division rounds correctly. With more digits than
// that the float32 is still certain, unless the number lies next to the middle of two.

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const LETTER_E = 0x65;

const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Above this, one more digit might not fit into 53 bits: the rest is dropped, and the number is a near one. */
const significandFull = 900_719_925_474_098;
/** What a near number may be off by, relatively: 1.2e-15 for the digits, and two roundings. */
const near = 2 ** -48;

/**
 * The number that was scanned last, and what it may be off by, relatively: 0 where it is what JSON.parse gives. In an array,
 * as a variable would be given a heap number for each.
 */
export const scanned = new Float64Array(2);

/** Digits that fit into 31 bits, whatever they are. */
const shortDigits = 9;

/**
 * Scans a JSON number at `at` into `scanned`; gives where it ends, or −1 where there is none, or one with an exponent that
 * is out of reach. Most numbers are short: a few digits, perhaps a point, no exponent.
 */
export function scanNumber(bytes: Uint8Array, start: number): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let byte = bytes[at];
  let digits = 0;
  for (const end = first + shortDigits; byte >= ZERO && byte <= NINE && at < end; byte = bytes[++at])
    digits = digits * 10 + (byte - ZERO);
  const wholeEnd = at;
  if (byte === POINT) {
    byte = bytes[++at];
    for (const end = first + 1 + shortDigits; byte >= ZERO && byte <= NINE && at < end; byte = bytes[++at])
      digits = digits * 10 + (byte - ZERO);
  }
  if ((byte >= ZERO && byte <= NINE) || (byte | 0x20) === LETTER_E) return scanLong(bytes, start);
  if (!isWellFormed(bytes, first, wholeEnd, at)) return -1;
  const size = at === wholeEnd ? digits : digits / powers[at - wholeEnd - 1];
  scanned[0] = isNegative ? -size : size;
  scanned[1] = 0;
  return at;
}

/** At least one digit, no zero before another, and a digit behind the point if there is one. */
function isWellFormed(bytes: Uint8Array, first: number, wholeEnd: number, end: number): boolean {
  if (wholeEnd === first || (bytes[first] === ZERO && wholeEnd > first + 1)) return false;
  return end !== wholeEnd + 1;
}

/** The same for a number of any length. */
function scanLong(bytes: Uint8Array, start: number): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let point = -1;
  let significand = 0;
  let dropped = 0;
  for (; ; at++) {
    const byte = bytes[at];
    if (byte >= ZERO && byte <= NINE) {
      if (significand < significandFull) significand = significand * 10 + (byte - ZERO);
      else dropped++;
    } else if (byte === POINT && point < 0) point = at;
    else break;
  }
  if (!isWellFormed(bytes, first, point < 0 ? at : point, at)) return -1;
  const decimals = point < 0 ? 0 : at - point - 1;
  at = scanExponent(bytes, at);
  const exponent = dropped - decimals + scannedExponent;
  if (at < 0 || exponent > 22 || exponent < -22) return -1;
  const size = scaled(significand, exponent);
  scanned[0] = isNegative ? -size : size;
  scanned[1] = dropped === 0 ? 0 : near;
  return at;
}

function scaled(significand: number, exponent: number): number {
  return exponent < 0 ? significand / powers[-exponent] : significand * powers[exponent];
}

/**
 * Writes what was scanned last to `values[place]`; false where it is not known to be the float32 that JSON.parse's number
 * becomes, or is none.
 */
export function settleFloat32(values: Float32Array, place: number): boolean {
  const number = scanned[0];
  const error = scanned[1];
  values[place] = number;
  // Only an infinity differs from itself by something else than 0.
  if (values[place] - values[place] !== 0) return false;
  return error === 0 || Math.fround(number * (1 - error)) === Math.fround(number * (1 + error));
}

let scannedExponent = 0;

/** Over an exponent, if there is one, into `scannedExponent`. */
function scanExponent(bytes: Uint8Array, start: number): number {
  scannedExponent = 0;
  if ((bytes[start] | 0x20) !== LETTER_E) return start;
  const sign = bytes[start + 1];
  const first = sign === MINUS || sign === PLUS ? start + 2 : start + 1;
  let at = first;
  let value = 0;
  for (let byte = bytes[at]; byte >= ZERO && byte <= NINE; byte = bytes[++at]) value = value * 10 + (byte - ZERO);
  if (at === first || value > 400) return -1;
  scannedExponent = sign === MINUS ? -value : value;
  return at;
}
