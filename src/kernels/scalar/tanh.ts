// Hyperbolic tangent in float64. Source: musl tanh.c (2012). Below 2 ulp.

import { expm1 } from './expm1.ts';

/** tanh x; ±1 at ±Infinity, NaN for NaN. */
export function tanh(x: number): number {
  const a: number = Math.abs(x);
  if (a < 1e-300) return x;
  let t: number = 1.0;
  if (a > 20.0) t = 1.0;
  else if (a > 0.5493061443340549) t = 1.0 - 2.0 / (expm1(2.0 * a) + 2.0);
  else if (a > 0.2554128118829953) {
    t = expm1(2.0 * a);
    t = t / (t + 2.0);
  } else {
    t = expm1(-2.0 * a);
    t = -t / (t + 2.0);
  }
  return x < 0.0 ? -t : t;
}
