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

/** The number that was scanned last. */
export let scanned = 0;
/** Whether `scanned` is what JSON.parse gives; else it is off by less than 2^−48 of itself. */
export let isExact = true;

let significand = 0;
let exponent = 0;

/** Over digits, into significand and exponent; `shift` is what each of them does to the exponent of those before. */
function scanDigits(bytes: Uint8Array, start: number, shift: 0 | 1): number {
  let at = start;
  for (let byte = bytes[at]; byte >= ZERO && byte <= NINE; byte = bytes[++at]) {
    if (significand < significandFull) {
      significand = significand * 10 + (byte - ZERO);
      exponent -= shift;
    } else {
      isExact = false;
      exponent += 1 - shift;
    }
  }
  return at;
}

/**
 * Scans a JSON number at `at` into `scanned`; gives where it ends, or −1 where there is none, or one with an exponent that
 * is out of reach.
 */
export function scanNumber(bytes: Uint8Array, start: number): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  significand = 0;
  exponent = 0;
  isExact = true;
  let at = scanDigits(bytes, first, 0);
  // At least one digit, and no zero before another.
  if (at === first || (bytes[first] === ZERO && at > first + 1)) return -1;
  if (bytes[at] === POINT) {
    const point = at;
    at = scanDigits(bytes, at + 1, 1);
    if (at === point + 1) return -1;
  }
  if ((bytes[at] | 0x20) === LETTER_E) at = scanExponent(bytes, at + 1);
  if (at < 0 || exponent > 22 || exponent < -22) return -1;
  const size = exponent < 0 ? significand / powers[-exponent] : significand * powers[exponent];
  scanned = isNegative ? -size : size;
  return at;
}

/**
 * Writes what was scanned last to `values[place]`; false where it is not known to be the float32 that JSON.parse's number
 * becomes, or is none.
 */
export function settleFloat32(values: Float32Array, place: number): boolean {
  values[place] = scanned;
  // Only an infinity differs from itself by something else than 0.
  if (values[place] - values[place] !== 0) return false;
  return isExact || Math.fround(scanned * (1 - near)) === Math.fround(scanned * (1 + near));
}

function scanExponent(bytes: Uint8Array, start: number): number {
  const sign = bytes[start];
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  let at = first;
  let value = 0;
  for (let byte = bytes[at]; byte >= ZERO && byte <= NINE; byte = bytes[++at]) value = value * 10 + (byte - ZERO);
  if (at === first || value > 400) return -1;
  exponent += sign === MINUS ? -value : value;
  return at;
}
