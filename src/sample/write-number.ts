// Numbers as JSON text, written straight into bytes.

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/** The most bytes that a number takes: `-3.4028234663852886e+38` has 23. */
export const numberBytesMax = 25;

/** Powers of ten that a float64 holds exactly: 10^0 … 10^22. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** The digits of 00 … 99, two bytes each. */
const pairs = Buffer.from(Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0')).join(''));

/** floor(log₁₀ 2^k) for k from −64 to 63: the decimal exponent of the least number with that binary one. */
const leastExponents = Int8Array.from({ length: 128 }, (_, index) => Math.floor(Math.log10(2 ** (index - 64))));

const intMax = 0x7fffffff;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** Which of the words holds the exponent. */
const high = isLittleEndian ? 1 : 0;

/** Writes a whole number from 0 to 2^53; gives where it ends. */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value > intMax) {
    const head = Math.floor(value / 1e9);
    const end = writeInteger(bytes, at, head);
    writeDigits(bytes, end, value - head * 1e9, 9);
    return end + 9;
  }
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  writeDigits(bytes, at, value, digits);
  return at + digits;
}

/** Writes the last `count` digits of a number below 2^31, with zeros before it where it has fewer. */
function writeDigits(bytes: Uint8Array, at: number, value: number, count: number): void {
  let rest = value | 0;
  let end = at + count;
  for (; end - at >= 2; end -= 2) {
    const next = (rest / 100) | 0;
    const pair = 2 * (rest - next * 100);
    bytes[end - 1] = pairs[pair + 1];
    bytes[end - 2] = pairs[pair];
    rest = next;
  }
  if (end > at) bytes[at] = ZERO + (rest % 10);
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
  const exponent = exponentOf(size);
  const precision = leastPrecision(value, size, exponent, shift);
  if (precision === 0) return writeText(bytes, at, String(value));
  const decimals = precision - 1 - exponent;
  const digits = digitsOf(size, decimals);
  if (numberOf(digits, decimals, shift) >= 1e-6) return writeDecimal(bytes, at, digits, decimals);
  // Rounding may have made 10 of 9.99….
  const carry = digits === powers[precision] ? 1 : 0;
  const end = writeText(bytes, writeDecimal(bytes, at, digits, precision - 1 + carry), 'e-');
  return writeInteger(bytes, end, shift - exponent - carry);
}

/** The fewest digits, from 6 on, that read back as `value`; 0 where 9 do not. More do wherever fewer do: 7 are tried first. */
function leastPrecision(value: number, size: number, exponent: number, shift: number): number {
  if (isEnough(value, size, 6 - exponent, shift)) return isEnough(value, size, 5 - exponent, shift) ? 6 : 7;
  if (isEnough(value, size, 7 - exponent, shift)) return 8;
  return isEnough(value, size, 8 - exponent, shift) ? 9 : 0;
}

/** Whether so many decimals read back as `value`. A function of its own: a closure over numbers would be made for each. */
function isEnough(value: number, size: number, decimals: number, shift: number): boolean {
  return Math.fround(numberOf(digitsOf(size, decimals), decimals, shift)) === value;
}

/** The exponent of a number's first digit; of one from 2^−64 to 2^64. */
function exponentOf(size: number): number {
  double[0] = size;
  const least = leastExponents[(words[high] >> 20) - 1023 + 64];
  const isNext = least < -1 ? size * powers[-least - 1] >= 1 : size >= powers[least + 1];
  return isNext ? least + 1 : least;
}

/** A number's digits with so many decimals, rounded: as a whole number of 32 bits, which is the fastest to go on with. */
function digitsOf(size: number, decimals: number): number {
  return ((decimals >= 0 ? size * powers[decimals] : size / powers[-decimals]) + 0.5) | 0;
}

function numberOf(digits: number, decimals: number, shift: number): number {
  const number = decimals >= 0 ? digits / powers[decimals] : digits * powers[-decimals];
  return shift === 0 ? number : number / powers[shift];
}

/** `digits` · 10^−`decimals`, without zeros at its end. */
function writeDecimal(bytes: Uint8Array, start: number, digits: number, decimals: number): number {
  let rest = digits | 0;
  let places = decimals;
  for (; places > 0 && rest % 10 === 0; places--) rest = (rest / 10) | 0;
  if (places <= 0) return writeInteger(bytes, start, places === 0 ? rest : rest * powers[-places]);
  const whole = rest < powers[places] ? 0 : Math.floor(rest / powers[places]);
  const at = writeInteger(bytes, start, whole);
  bytes[at] = POINT;
  writeDigits(bytes, at + 1, rest - whole * powers[places], places);
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
