// The label of a record as a class index or as values, or the reason why not. No label at all is not a refusal.

import { type Refusal, refuse, show } from './feature-encoder.ts';
import type { ClassLabel, TargetSpec } from './schema.ts';

/** What became of a label: written, absent (the sample is only predicted), or refused. */
export type LabelResult = 'labelled' | 'unlabelled' | Refusal;

/** Writes the label made of `values` (one for each path of the target) at `targets[at …]`. */
export type LabelDecoder = (values: readonly unknown[], targets: Float32Array, at: number) => LabelResult;

/** The decoder of a target's labels. */
export function createLabelDecoder(target: TargetSpec): LabelDecoder {
  const decode = target.type === 'regression' ? valuesDecoder(target) : classDecoder(target);
  return (values, targets, at) => {
    const absent = values.reduce<number>((n, value) => n + (value === undefined || value === null ? 1 : 0), 0);
    if (absent === values.length) return 'unlabelled';
    if (absent > 0) return refuse('bad-label', `the label has ${values.length - absent} of ${values.length} values`);
    return decode(values, targets, at);
  };
}

function valuesDecoder(target: TargetSpec): LabelDecoder {
  return (values, targets, at) => {
    for (let k = 0; k < values.length; k++) {
      const value = values[k];
      if (typeof value !== 'number')
        return refuse('bad-label', `label '${target.from[k]}' is ${show(value)}, not a number`);
      targets[at + k] = value;
      if (!Number.isFinite(targets[at + k]))
        return refuse('not-finite', `label '${target.from[k]}' is ${value}, not a finite float32`);
    }
    return 'labelled';
  };
}

function classDecoder(target: TargetSpec): LabelDecoder {
  const indexByValue = classIndex(target.classes);
  return ([value], targets, at) => {
    const index = indexByValue.get(value) ?? indexByValue.get(otherSpelling(value));
    if (index !== undefined) {
      targets[at] = index;
      return 'labelled';
    }
    if (typeof value === 'object')
      return refuse('bad-label', `label '${target.from[0]}' is ${show(value)}, not a class`);
    return refuse('unknown-class', `label '${target.from[0]}' is ${show(value)}, not one of ${show(target.classes)}`);
  };
}

/** What a text says besides itself: the number of `1.0` or `1e0`, the truth of `True`, as other programs write them. */
function otherSpelling(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  if (/^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(value)) return Number(value);
  return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : undefined;
}

/** Class index by value, in each spelling that stands for the same class: 3 and "3", true and "true" (and 0 and 1 as false and true). */
function classIndex(classes: readonly ClassLabel[]): ReadonlyMap<unknown, number> {
  const index = new Map<unknown, number>();
  const add = (spelling: unknown, at: number) => {
    if (!index.has(spelling)) index.set(spelling, at);
  };
  classes.forEach((value, at) => {
    add(value, at);
    add(String(value), at);
    if (String(Number(value)) === String(value)) add(Number(value), at);
    if (value === 'true' || value === 'false') add(value === 'true', at);
  });
  if (classes.length === 2 && classes[0] === 0 && classes[1] === 1) {
    for (const spelling of [false, 'false']) add(spelling, 0);
    for (const spelling of [true, 'true']) add(spelling, 1);
  }
  return index;
}
