// The complementary error function in float64, for the exact GELU.
// Source: FreeBSD msun s_erf.c (fdlibm, Sun Microsystems 1993): rational approximations on five intervals. Below 2 ulp.

import { exp } from './exp.ts';

/** erfc x = 1 − erf x = 2/√π · ∫ₓ^∞ e^(−t²) dt, in [0, 2]; NaN for NaN. */
export function erfc(x: number): number {
  if (!(x <= Infinity)) return x;
  const a: number = Math.abs(x);
  if (a < 0.84375) return nearZero(x);
  if (a < 1.25) {
    const ratio: number = nearOne(a - 1.0);
    return x >= 0.0 ? 1.0 - 0.8450629115104675 - ratio : 1.0 + (0.8450629115104675 + ratio);
  }
  if (a >= 28.0 || x < -6.0) return x > 0.0 ? 0.0 : 2.0;
  const tail: number = a < 2.857142857142857 ? nearTail(1.0 / (a * a)) : farTail(1.0 / (a * a));
  // Splitting a at 24 bits makes z² exact, so that e^(−a²) keeps its last bits.
  const z: number = Math.fround(a);
  const r: number = (exp(-z * z - 0.5625) * exp((z - a) * (z + a) + tail)) / a;
  return x > 0.0 ? r : 2.0 - r;
}

function nearZero(x: number): number {
  if (Math.abs(x) < 1.3877787807814457e-17) return 1.0 - x;
  const z: number = x * x;
  const p: number =
    0.12837916709551256 +
    z * (-0.3250421072470015 + z * (-0.02848174957559851 + z * (-0.005770270296489442 + z * -2.3763016656650163e-5)));
  const q: number =
    1.0 +
    z *
      (0.39791722395915535 +
        z *
          (0.0650222499887673 + z * (0.005081306281875766 + z * (1.3249473800432164e-4 + z * -3.960228278775368e-6))));
  const y: number = p / q;
  if (x < 0.25) return 1.0 - (x + x * y);
  return 0.5 - (x - 0.5 + x * y);
}

function nearOne(s: number): number {
  const p: number =
    -0.0023621185607526594 +
    s *
      (0.41485611868374833 +
        s *
          (-0.3722078760357013 +
            s *
              (0.31834661990116175 +
                s * (-0.11089469428239668 + s * (0.035478304325618236 + s * -0.002166375594868791)))));
  const q: number =
    1.0 +
    s *
      (0.10642088040084423 +
        s *
          (0.540397917702171 +
            s *
              (0.07182865441419627 +
                s * (0.12617121980876164 + s * (0.01363708391202905 + s * 0.011984499846799107)))));
  return p / q;
}

/** 1.25 ≤ |x| < 1/0.35, s = 1/x². */
function nearTail(s: number): number {
  const r: number =
    -0.009864944034847148 +
    s *
      (-0.6938585727071818 +
        s *
          (-10.558626225323291 +
            s *
              (-62.375332450326006 +
                s *
                  (-162.39666946257347 +
                    s * (-184.60509290671104 + s * (-81.2874355063066 + s * -9.814329344169145))))));
  const d: number =
    1.0 +
    s *
      (19.651271667439257 +
        s *
          (137.65775414351904 +
            s *
              (434.56587747522923 +
                s *
                  (645.3872717332679 +
                    s *
                      (429.00814002756783 +
                        s * (108.63500554177944 + s * (6.570249770319282 + s * -0.0604244152148581)))))));
  return r / d;
}

/** 1/0.35 ≤ |x| < 28, s = 1/x². */
function farTail(s: number): number {
  const r: number =
    -0.0098649429247001 +
    s *
      (-0.799283237680523 +
        s *
          (-17.757954917754752 +
            s * (-160.63638485582192 + s * (-637.5664433683896 + s * (-1025.0951316110772 + s * -483.5191916086514)))));
  const d: number =
    1.0 +
    s *
      (30.33806074348246 +
        s *
          (325.7925129965739 +
            s *
              (1536.729586084437 +
                s *
                  (3199.8582195085955 +
                    s * (2553.0504064331644 + s * (474.52854120695537 + s * -22.44095244658582))))));
  return r / d;
}
