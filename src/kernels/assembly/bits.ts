// Stands in for ../scalar/bits.ts when the scalar mathematics is compiled to WebAssembly; the same numbers.

/** 2^k exactly, for an integer k from −1022 to 1023. */
@inline
export function powerOfTwo(k: f64): f64 {
  return reinterpret<f64>((<i64>k + 1023) << 52);
}

/** ⌊log2 x⌋ for a positive normal float64 x. */
@inline
export function binaryExponent(x: f64): f64 {
  return <f64>(<i32>(reinterpret<i64>(x) >> 52) - 1023);
}
