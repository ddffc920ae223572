// Hyperbolic tangent: a = tanh z, da/dz = 1 − a². LeCun et al., Efficient BackProp (1998), section 4.4.

/** da/dz from the activation a. The value itself is scalar/tanh.ts. */
export function tanhSlope(a: number): number {
  return 1.0 - a * a;
}
