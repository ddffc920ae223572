import { describe, expect, it } from 'vitest';
import { blankDigest, digestKey, hasDigest, isSealed, seal } from '../../src/checkpoint/digest.ts';
import { encodeSafetensors } from '../../src/checkpoint/safetensors-encode.ts';
import { float32Tensor } from './checkpoints.ts';

const unsealed = () => encodeSafetensors([float32Tensor('w', [1, 2])], { [digestKey]: blankDigest, name: 'x' });

describe('the seal of a checkpoint file', () => {
  it('holds for the bytes it was made of, and for no others', () => {
    const bytes = unsealed();
    expect(isSealed(bytes)).toBe(false);
    seal(bytes);
    expect(isSealed(bytes)).toBe(true);
    for (let index = 0; index < bytes.length; index++) {
      const changed = Uint8Array.from(bytes);
      changed[index] ^= 1;
      expect(isSealed(changed)).toBe(false);
    }
    for (const wrong of [bytes.subarray(0, -1), Uint8Array.of(...bytes, 0), new Uint8Array(0)])
      expect(isSealed(wrong)).toBe(false);
  });

  it('does not depend on the seal that was there before', () => {
    const [once, twice] = [unsealed(), unsealed()];
    seal(once);
    seal(twice);
    seal(twice);
    expect(twice).toEqual(once);
  });

  it('needs its place as the first of the metadata', () => {
    const elsewhere = encodeSafetensors([], { name: 'x', [digestKey]: blankDigest });
    expect(hasDigest(elsewhere)).toBe(false);
    expect(() => seal(elsewhere)).toThrow(TypeError);
  });
});
