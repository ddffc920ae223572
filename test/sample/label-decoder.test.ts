import { describe, expect, it } from 'vitest';
import { createLabelDecoder } from '../../src/sample/label-decoder.ts';
import type { ClassLabel, TargetSpec } from '../../src/sample/schema.ts';
import { regressionTarget } from './samples.ts';

function decode(target: TargetSpec, ...values: unknown[]) {
  const targets = new Float32Array(4).fill(9);
  const result = createLabelDecoder(target)(values, targets, 1);
  return result === 'labelled' ? [...targets.subarray(1, 1 + values.length)] : result;
}

const classesOf = (...classes: ClassLabel[]): TargetSpec => ({
  type: classes.length === 2 ? 'binary' : 'multiclass',
  from: ['label'],
  classes,
});

describe('a class label', () => {
  it('becomes its index, in each spelling of it', () => {
    const binary = classesOf(0, 1);
    for (const value of [1, '1', true, 'true', '1.0', '1e0', '10E-1']) expect(decode(binary, value)).toEqual([1]);
    for (const value of [0, '0', false, 'false', 'False']) expect(decode(binary, value)).toEqual([0]);
    const flags = classesOf('true', 'false');
    for (const value of [false, 'false']) expect(decode(flags, value)).toEqual([1]);
    expect(decode(classesOf('low', 'mid', 'high'), 'high')).toEqual([2]);
    expect(decode(classesOf(10, 20, 30), '20')).toEqual([1]);
    expect(decode(classesOf('10', '20', '30'), 20)).toEqual([1]);
  });

  it('keeps classes apart that only look alike', () => {
    const odd = classesOf('01', '1', '1.0');
    expect(['01', '1', '1.0', 1].map((value) => decode(odd, value))).toEqual([[0], [1], [2], [1]]);
    expect(decode(classesOf('a', 'b'), true)).toMatchObject({ reason: 'unknown-class' });
    expect(decode(classesOf(1, 2), true)).toMatchObject({ reason: 'unknown-class' });
  });

  it('is refused where it is none of the classes, or nothing that could be one', () => {
    expect(decode(classesOf('a', 'b'), 'c')).toEqual({
      reason: 'unknown-class',
      message: `label 'label' is "c", not one of ["a","b"]`,
    });
    for (const value of [2, 0.5, -1, Number.NaN, '', '__proto__'])
      expect(decode(classesOf(0, 1), value)).toMatchObject({ reason: 'unknown-class' });
    for (const value of [[1], { value: 1 }])
      expect(decode(classesOf(0, 1), value)).toMatchObject({ reason: 'bad-label' });
  });
});

describe('a regression label', () => {
  const two: TargetSpec = { ...regressionTarget, from: ['low', 'high'] };

  it('is its numbers', () => {
    expect(decode(regressionTarget, 0.1)).toEqual([Math.fround(0.1)]);
    expect(decode(two, -1, 2)).toEqual([-1, 2]);
  });

  it('is refused where a number is none, not finite, or lacking', () => {
    expect(decode(two, 1, '2')).toEqual({ reason: 'bad-label', message: `label 'high' is "2", not a number` });
    expect(decode(two, 1, null)).toEqual({ reason: 'bad-label', message: 'the label has 1 of 2 values' });
    expect(decode(two, 1e39, 1)).toEqual({
      reason: 'not-finite',
      message: "label 'low' is 1e+39, not a finite float32",
    });
  });

  it('may be absent as a whole', () => {
    expect(decode(two, undefined, null)).toBe('unlabelled');
    expect(decode(classesOf(0, 1), null)).toBe('unlabelled');
  });
});
