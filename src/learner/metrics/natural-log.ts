// The natural logarithm from the four basic operations, which IEEE 754 fixes to the last bit: Math.log may differ between
// engines, and a snapshot of the metrics is to be the same bytes on any machine. It is also faster than Math.log.

const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);
/** Index of the word with the exponent: 1 on little-endian machines. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
/** Leading bits of the mantissa of √2: mantissas above it are halved, so that m lies in about [√½, √2]. */
const ROOT_TWO = 0x6a09e;
/** 2^k for k = 0 … 64. */
const powers = Float64Array.from({ length: 65 }, (_, k) => 2 ** k);

// Coefficients of artanh s = Σ s^(2n+1) / (2n+1); multiplying is faster than dividing.
const [C3, C5, C7, C9, C11] = [1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11];
const [C13, C15, C17, C19, C21] = [1 / 13, 1 / 15, 1 / 17, 1 / 19, 1 / 21];

/**
 * ln x for x in [2^-63, 1], within 4 units in the last place: x = m·2^k, ln x = k·ln 2 + 2·artanh((m − 1)/(m + 1)), by
 * the Taylor series of artanh (Abramowitz & Stegun 4.6.33), whose terms past s²¹ are below the rounding for
 * |s| ≤ 0.1716.
 */
export function naturalLog(x: number): number {
  value[0] = x;
  const high = words[HIGH];
  const negated = 1023 - (high >>> 20) - ((high & 0xfffff) > ROOT_TWO ? 1 : 0);
  const m = negated >= 0 ? x * powers[negated] : x / 2;
  const s = (m - 1) / (m + 1);
  const t = s * s;
  const t2 = t * t;
  const t4 = t2 * t2;
  // Estrin's grouping: short chains, always in this order.
  const low = C3 + C5 * t + (C7 + C9 * t) * t2;
  const middle = C11 + C13 * t + (C15 + C17 * t) * t2;
  const series = low + (middle + (C19 + C21 * t) * t4) * t4;
  return 2 * (s + s * t * series) - negated * Math.LN2;
}
