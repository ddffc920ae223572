// Moments decay towards 0 for ever; without this they would end among the subnormal numbers, where arithmetic is slow.

/** x, or 0 where |x| is below the smallest normal float32. */
export function flush(x: number): number {
  return Math.abs(x) < 1.1754943508222875e-38 ? 0 : x;
}
