// ln(1 + x) and ln(x) in float64 from + − × ÷ alone.
// Source: FreeBSD msun s_log1p.c and e_log.c (fdlibm, Sun Microsystems 1993), as arranged in musl. Below 1 ulp.

import { binaryExponent, powerOfTwo } from './bits.ts';

const LN2_HIGH: number = 0.6931471803691238;
const LN2_LOW: number = 1.9082149292705877e-10;
const L1: number = 0.6666666666666735;
const L2: number = 0.3999999999940942;
const L3: number = 0.2857142874366239;
const L4: number = 0.22222198432149784;
const L5: number = 0.1818357216161805;
const L6: number = 0.15313837699209373;
const L7: number = 0.14798198605116586;
const SQRT2: number = Math.SQRT2;

/** ln(1 + x) for x > −1, finite; −Infinity at −1, NaN below. */
export function log1p(x: number): number {
  if (!(x < Infinity)) return x;
  if (x < -1.0) return NaN;
  if (x === -1.0) return -Infinity;
  if (Math.abs(x) < 1.1102230246251565e-16) return x;
  if (x > -0.2928932188134524 && x < 0.41421356237309503) return assemble(x, 0.0, 0.0);
  const u: number = 1.0 + x;
  const correction: number = u > 9007199254740992.0 ? 0.0 : (u >= 2.0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
  return logReduced(u, correction);
}

/** ln x for a positive normal float64. */
export function log(x: number): number {
  return logReduced(x, 0.0);
}

function logReduced(u: number, correction: number): number {
  let k: number = binaryExponent(u);
  let m: number = u * powerOfTwo(-k);
  if (m > SQRT2) {
    m *= 0.5;
    k += 1.0;
  }
  return assemble(m - 1.0, correction, k);
}

/** ln(1 + f) + correction + k·ln2 for 1 + f in [√½, √2]. */
function assemble(f: number, correction: number, k: number): number {
  const halfSquare: number = 0.5 * f * f;
  const s: number = f / (2.0 + f);
  const z: number = s * s;
  const w: number = z * z;
  const even: number = w * (L2 + w * (L4 + w * L6));
  const odd: number = z * (L1 + w * (L3 + w * (L5 + w * L7)));
  return s * (halfSquare + (odd + even)) + (k * LN2_LOW + correction) - halfSquare + f + k * LN2_HIGH;
}
