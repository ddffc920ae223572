import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFileNames } from '../../src/checkpoint/file-names.ts';

const sequence = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const anyName = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ minLength: 140, maxLength: 200 }));

describe('names of checkpoint files', () => {
  it('tell model and sequence, and sort by it', () => {
    const names = createFileNames('fraud');
    expect(names.checkpoint(52)).toBe('fraud-000000000000052.safetensors');
    expect([9, 10, 999_999_999_999_999].map(names.checkpoint).toSorted()).toEqual(
      [9, 10, 999_999_999_999_999].map(names.checkpoint),
    );
    expect(names.temporary(52, 'c0ffee')).toBe('fraud-000000000000052.safetensors.tmp-c0ffee');
  });

  it('are known again, whatever the name, and fit any file system', () => {
    fc.assert(
      fc.property(anyName, sequence, (name, number) => {
        const names = createFileNames(name);
        const file = names.checkpoint(number);
        expect(names.sequenceOf(file)).toBe(number);
        expect(names.isTemporary(names.temporary(number, '00ff'))).toBe(true);
        expect([names.isTemporary(file), names.sequenceOf(names.temporary(number, '00ff'))]).toEqual([false, null]);
        expect(file).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9._%-]*$/);
        expect(file.length).toBeLessThan(220);
      }),
    );
  });

  it('are never taken for those of another model', () => {
    fc.assert(
      fc.property(anyName, anyName, sequence, (one, other, number) => {
        fc.pre(one !== other);
        const [mine, theirs] = [createFileNames(one), createFileNames(other)];
        expect(mine.sequenceOf(theirs.checkpoint(number))).toBeNull();
        expect(mine.isTemporary(theirs.temporary(number, '00ff'))).toBe(false);
      }),
    );
    expect(createFileNames('a.b').sequenceOf('axb-000000000000001.safetensors')).toBeNull();
  });
});
