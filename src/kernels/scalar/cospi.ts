// cos(πx) in float64 for the cosine schedule, from + − × alone.
// Source: FreeBSD msun k_cos.c and k_sin.c (fdlibm, Sun Microsystems 1993) on [0, π/4], folded by symmetry.

const PI: number = Math.PI;

/** cos(πx) for x in [0, 1]. */
export function cospi(x: number): number {
  if (x <= 0.25) return cosine(PI * x);
  if (x < 0.75) return sine(PI * (0.5 - x));
  return -cosine(PI * (1.0 - x));
}

function cosine(x: number): number {
  const z: number = x * x;
  const tail: number =
    0.0416666666666666 +
    z *
      (-0.001388888888887411 +
        z *
          (2.480158728947673e-5 +
            z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))));
  return 1.0 - (0.5 * z - z * z * tail);
}

function sine(x: number): number {
  const z: number = x * x;
  const tail: number =
    -0.16666666666666632 +
    z *
      (0.00833333333332249 +
        z *
          (-1.984126982985795e-4 +
            z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10))));
  return x + x * z * tail;
}
