// Random numbers as a pure function of seed and counter, so that any record of a synthetic stream can be made without
// the ones before it. Integer operations only: the same words on every machine.

/** Key schedule parity word of Threefish with 32-bit words (SKEIN_KS_PARITY32 in Random123). */
const PARITY = 0x1bd11bda;
const ROTATIONS: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];
const ROUNDS = 20;
const WORD = 0x1_0000_0000;

/**
 * Threefry-2x32 with 20 rounds: two random words from two words of counter and two of key, written to `out` [2].
 * Salmon, Moraes, Dror & Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
 */
export function threefry2x32(counter0: number, counter1: number, keys: Uint32Array, out: Uint32Array): void {
  let a = (counter0 + keys[0]) | 0;
  let b = (counter1 + keys[1]) | 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const bits = ROTATIONS[round & 7];
    a = (a + b) | 0;
    b = ((b << bits) | (b >>> (32 - bits))) ^ a;
    if ((round & 3) === 3) {
      const injection = (round + 1) >> 2;
      a = (a + keys[injection % 3]) | 0;
      b = (b + keys[(injection + 1) % 3] + injection) | 0;
    }
  }
  out[0] = a;
  out[1] = b;
}

/** The three words of Threefry's key schedule for a key of two words. */
export function threefryKeys(key0: number, key1: number): Uint32Array {
  return Uint32Array.of(key0, key1, PARITY ^ key0 ^ key1);
}

/** What is drawn for: numbers of different purposes never meet. */
export type Purpose = 'record' | 'concept';

/** The random words of one record or concept, in a fixed order. */
export interface Draws {
  /** Turns to the first word of a record or concept: an integer from 0. */
  seek(index: number): void;
  /** The next word, an integer in [0, 2^32). */
  word(): number;
  /** The next integer in [0, limit); `limit` at most 2^21, so that no product loses a bit. */
  below(limit: number): number;
}

/** Draws for one purpose of a stream with the given seed (any integer from 0 up to 2^53). */
export function createDraws(seed: number, purpose: Purpose): Draws {
  const keys = threefryKeys(seed >>> 0, Math.floor(seed / WORD) * 2 + (purpose === 'record' ? 0 : 1));
  const words = new Uint32Array(2);
  let low = 0;
  let high = 0;
  let drawn = 0;

  function word(): number {
    // 2^21 values of `high` (records number less than 2^53) leave 11 bits for the pair: 4096 words a record.
    if ((drawn & 1) === 0) threefry2x32(low, high * 2048 + (drawn >> 1), keys, words);
    const value = words[drawn & 1];
    drawn += 1;
    return value;
  }

  return {
    seek(index) {
      low = index >>> 0;
      high = Math.floor(index / WORD);
      drawn = 0;
    },
    word,
    // Scaling favours some values by at most limit/2^32, far below what a stream could show.
    below: (limit) => Math.floor((word() * limit) / WORD),
  };
}
