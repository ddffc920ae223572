// One value of a record into the columns of a float32 row, or the reason why not.

import type { RejectionReason } from './rejection.ts';
import { type CategoricalFeature, type FeatureSpec, type NumericFeature, widthOf } from './schema.ts';

/** Why a value was refused. */
export interface Refusal {
  readonly reason: RejectionReason;
  readonly message: string;
}

/**
 * Writes a parsed value (or undefined/null where missing) at `row[at …]`; returns null, or why it is refused.
 * The row is zero-filled beforehand.
 */
export type FeatureEncoder = (value: unknown, row: Float32Array, at: number) => Refusal | null;

/** The encoder of one feature. */
export function createFeatureEncoder(feature: FeatureSpec): FeatureEncoder {
  const encode = encoderOf(feature);
  const width = widthOf(feature);
  return (value, row, at) => {
    if (value !== undefined && value !== null) return encode(value, row, at);
    if (feature.missing === 'reject') return refuse('missing-feature', `feature '${feature.name}' is missing`);
    if (feature.missing === 'mean') row.fill(Number.NaN, at, at + width);
    return null;
  };
}

function encoderOf(feature: FeatureSpec): FeatureEncoder {
  if (feature.type === 'numeric') return numericEncoder(feature);
  if (feature.type === 'categorical') return categoricalEncoder(feature);
  return (value, row, at) => {
    const bit = value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : -1;
    if (bit < 0) return refuse('bad-feature', `feature '${feature.name}' is ${show(value)}, not true or false`);
    row[at] = bit;
    return null;
  };
}

function numericEncoder(feature: NumericFeature): FeatureEncoder {
  const min = feature.min ?? Number.NEGATIVE_INFINITY;
  const max = feature.max ?? Number.POSITIVE_INFINITY;
  return (value, row, at) => {
    if (typeof value !== 'number')
      return refuse('bad-feature', `feature '${feature.name}' is ${show(value)}, not a number`);
    row[at] = value;
    if (!Number.isFinite(row[at]))
      return refuse('not-finite', `feature '${feature.name}' is ${value}, not a finite float32`);
    if (value < min || value > max)
      return refuse('out-of-range', `feature '${feature.name}' is ${value}, outside ${min} to ${max}`);
    return null;
  };
}

function categoricalEncoder(feature: CategoricalFeature): FeatureEncoder {
  const buckets = feature.buckets;
  if (buckets !== null) {
    return (value, row, at) => {
      if (!isScalar(value)) return refuse('bad-feature', `feature '${feature.name}' is ${show(value)}, not a category`);
      row[at + (fnv1a(String(value)) % buckets)] = 1;
      return null;
    };
  }
  const columnByValue = new Map((feature.values ?? []).map((value, column) => [String(value), column]));
  return (value, row, at) => {
    const column = isScalar(value) ? columnByValue.get(String(value)) : undefined;
    if (column === undefined)
      return refuse('unknown-category', `feature '${feature.name}' is ${show(value)}, not among its declared values`);
    row[at + column] = 1;
    return null;
  };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** FNV-1a, 32 bit, over UTF-16 code units (Fowler, Noll & Vo; draft-eastlake-fnv): the bucket of a hashed category. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** A refusal as a value. */
export function refuse(reason: RejectionReason, message: string): Refusal {
  return { reason, message };
}

/** A value as a message shows it, cut short. */
export function show(value: unknown): string {
  const text = typeof value === 'number' || value === undefined ? String(value) : asJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.parse takes any depth, JSON.stringify does not.
    return 'a value nested too deep to show';
  }
}
