// e^x − 1 in float64 without cancellation near 0.
// Source: FreeBSD msun s_expm1.c (fdlibm, Sun Microsystems 1993). Below 1 ulp.

import { powerOfTwo } from './bits.ts';
import { scaleByPower } from './scale.ts';

const INVERSE_LN2: number = Math.LOG2E;
const LN2_HIGH: number = 0.6931471803691238;
const LN2_LOW: number = 1.9082149292705877e-10;
const Q1: number = -0.03333333333333313;
const Q2: number = 0.0015873015872548146;
const Q3: number = -7.93650757867488e-5;
const Q4: number = 4.008217827329362e-6;
const Q5: number = -2.0109921818362437e-7;

/** e^x − 1; −1 far below 0, Infinity above 709.8, NaN for NaN. */
export function expm1(x: number): number {
  if (!(x <= Infinity)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -38.816242111356935) return -1.0;
  if (Math.abs(x) < 5.551115123125783e-17) return x;
  let k: number = 0.0;
  let r: number = x;
  let c: number = 0.0;
  if (Math.abs(x) > 0.34657359027997264) {
    k = Math.floor(x * INVERSE_LN2 + 0.5);
    const high: number = x - k * LN2_HIGH;
    const low: number = k * LN2_LOW;
    r = high - low;
    c = high - r - low;
  }
  const half: number = 0.5 * r;
  const square: number = r * half;
  const r1: number = 1.0 + square * (Q1 + square * (Q2 + square * (Q3 + square * (Q4 + square * Q5))));
  const t: number = 3.0 - r1 * half;
  const e: number = square * ((r1 - t) / (6.0 - r * t));
  if (k === 0.0) return r - (r * e - square);
  return reconstruct(r, r * (e - c) - c - square, k);
}

/** 2^k·(1 + r − e) − 1, in the order that keeps the last bits for each k. */
function reconstruct(r: number, e: number, k: number): number {
  if (k === -1.0) return 0.5 * (r - e) - 0.5;
  if (k === 1.0) return r < -0.25 ? -2.0 * (e - (r + 0.5)) : 1.0 + 2.0 * (r - e);
  if (k <= -2.0 || k > 56.0) return scaleByPower(1.0 - (e - r), k) - 1.0;
  if (k < 20.0) return (1.0 - powerOfTwo(-k) - (e - r)) * powerOfTwo(k);
  return (r - (e + powerOfTwo(-k)) + 1.0) * powerOfTwo(k);
}
