// Which samples tell how much each input matters: every 8th labelled one early on, so that a short stream has figures,
// then every 64th, so that a long one pays nothing. Decided by their count alone, so that a replay looks at the same.
// Compiled into the WebAssembly kernel too.

/** Labelled samples from which on fewer are looked at; a multiple of both strides. */
const early = 4096;

/** Labelled sample number n, from 1, is looked at where the stride for n divides it; it then stands for that many. */
export function attributionStride(n: number): number {
  return n <= early ? 8 : 64;
}
