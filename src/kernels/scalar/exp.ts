// e^x in float64 from + − × ÷ alone, so that every engine and the WebAssembly kernel give the same bits.
// Source: FreeBSD msun e_exp.c (fdlibm, Sun Microsystems 1993): x = k·ln2 + r, |r| ≤ ½ln2, rational in r². Below 1 ulp.

import { scaleByPower } from './scale.ts';

const INVERSE_LN2: number = Math.LOG2E;
const LN2_HIGH: number = 0.6931471803691238;
const LN2_LOW: number = 1.9082149292705877e-10;
const P1: number = 0.16666666666666602;
const P2: number = -0.0027777777777015593;
const P3: number = 6.613756321437934e-5;
const P4: number = -1.6533902205465252e-6;
const P5: number = 4.1381367970572385e-8;

/** e^x; 0 below −745.2, Infinity above 709.8, NaN for NaN. */
export function exp(x: number): number {
  if (!(x <= Infinity)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0.0;
  const k: number = Math.floor(x * INVERSE_LN2 + 0.5);
  const high: number = x - k * LN2_HIGH;
  const low: number = k * LN2_LOW;
  const r: number = high - low;
  const t: number = r * r;
  const c: number = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  return scaleByPower(1.0 + ((r * c) / (2.0 - c) - low + high), k);
}
