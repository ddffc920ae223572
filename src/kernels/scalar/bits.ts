// The only bit moves of the scalar mathematics. Compiled into the WebAssembly kernel too, where
// assembly/bits.ts stands in for this file; both give the same numbers.

const float64 = new Float64Array(1);
const words = new Int32Array(float64.buffer);

/** 2^k exactly, for an integer k from −1022 to 1023. */
export function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return float64[0];
}

/** ⌊log2 x⌋ for a positive normal float64 x. */
export function binaryExponent(x: number): number {
  float64[0] = x;
  return (words[1] >> 20) - 1023;
}
