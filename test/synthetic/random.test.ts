import { describe, expect, it } from 'vitest';
import { createDraws, threefry2x32, threefryKeys } from '../../src/synthetic/random.ts';

describe('Threefry-2x32-20', () => {
  // From the known-answer file of Random123, kat_vectors.
  it.each([
    [
      [0x00000000, 0x00000000],
      [0x00000000, 0x00000000],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])('turns counter %j under key %j into %j', (counter, key, words) => {
    const out = new Uint32Array(2);
    threefry2x32(counter[0], counter[1], threefryKeys(key[0], key[1]), out);
    expect([...out]).toEqual(words);
  });
});

describe('draws', () => {
  it('are the same words again after turning back to their record', () => {
    const draws = createDraws(3, 'record');
    const words = (index: number) => {
      draws.seek(index);
      return Array.from({ length: 5 }, draws.word);
    };
    const [seventh, eighth] = [words(7), words(8)];
    expect(words(7)).toEqual(seventh);
    expect(words(8)).toEqual(eighth);
    expect(new Set([...seventh, ...eighth]).size).toBe(10);
  });

  it('for records and for concepts never meet', () => {
    const [record, concept] = [createDraws(3, 'record'), createDraws(3, 'concept')];
    record.seek(1);
    concept.seek(1);
    expect(record.word()).not.toBe(concept.word());
  });

  it('below a limit hit every value about as often', () => {
    const draws = createDraws(5, 'record');
    const counts = Array<number>(6).fill(0);
    for (let index = 0; index < 12_000; index++) {
      draws.seek(index);
      counts[draws.below(6)]++;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(180);
  });
});
