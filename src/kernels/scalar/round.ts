// Rounding a float64 result to the float32 that is stored, without the slow subnormal numbers.

/** The nearest float32 to x; results smaller than 2^−126 become 0, because subnormal arithmetic is slow on many machines. */
export function toFloat32(x: number): number {
  const rounded: number = Math.fround(x);
  return Math.abs(rounded) < 1.1754943508222875e-38 ? 0.0 : rounded;
}
