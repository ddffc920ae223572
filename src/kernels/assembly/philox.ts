// Philox4x32-10, as ../philox.ts.

@inline
function high(a: u32, b: u32): u32 {
  return <u32>((<u64>a * <u64>b) >> 32);
}

export let word0: u32 = 0;
export let word1: u32 = 0;
export let word2: u32 = 0;
export let word3: u32 = 0;

/** Sets the four words of one counter of the learning stream. */
export function philox(seed: f64, counter: f64): void {
  const counterWord = <u64>counter;
  const seedWord = <u64>seed;
  let c0 = <u32>counterWord;
  let c1 = <u32>(counterWord >> 32);
  let c2: u32 = 1;
  let c3: u32 = 0;
  let k0 = <u32>seedWord;
  let k1 = <u32>(seedWord >> 32);
  for (let round = 0; round < 10; round++) {
    const high0 = high(0xd2511f53, c0);
    const low0: u32 = 0xd2511f53 * c0;
    const high1 = high(0xcd9e8d57, c2);
    const low1: u32 = 0xcd9e8d57 * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  word0 = c0;
  word1 = c1;
  word2 = c2;
  word3 = c3;
}
