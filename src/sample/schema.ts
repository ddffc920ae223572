// What a sample is made of: the features and the target, as the config gives them and as they are once names are known.

import type { ScaleName, TargetType } from '../learner/spec.ts';

export type MissingPolicy = 'reject' | 'zero' | 'mean';
export type ClassLabel = string | number | boolean;

interface FeatureBase {
  readonly name: string;
  /** Dotted path in the record; null: `features.NAME` where the record has `features`, else `NAME`. */
  readonly from: string | null;
  readonly missing: MissingPolicy;
}

export interface NumericFeature extends FeatureBase {
  readonly type: 'numeric';
  readonly scale: ScaleName;
  /** Declared range, inclusive; a value outside it is rejected. */
  readonly min: number | null;
  readonly max: number | null;
}

export interface BooleanFeature extends FeatureBase {
  readonly type: 'boolean';
}

/** One-hot over declared values, or hashed into `buckets` columns. */
export interface CategoricalFeature extends FeatureBase {
  readonly type: 'categorical';
  readonly values: readonly ClassLabel[] | null;
  readonly buckets: number | null;
}

export type FeatureSpec = NumericFeature | BooleanFeature | CategoricalFeature;

export interface TargetSpec {
  readonly type: TargetType;
  /** Dotted paths; one for classes, one for each output of a regression. */
  readonly from: readonly string[];
  /** Class values by index; empty for regression. */
  readonly classes: readonly ClassLabel[];
}

/** As configured: features may be left to the first record. */
export interface SchemaSpec {
  readonly features: readonly FeatureSpec[] | null;
  readonly target: TargetSpec;
  /** Dotted path of the sample weight, or null for 1. */
  readonly weight: string | null;
}

/** With every feature known. */
export interface BoundSchema extends SchemaSpec {
  readonly features: readonly FeatureSpec[];
}

/** Input columns that a feature takes in a row. */
export function widthOf(feature: FeatureSpec): number {
  if (feature.type !== 'categorical') return 1;
  return feature.values?.length ?? feature.buckets ?? 0;
}

/** A name for every input column, in order: `amount`, `country=DE`, `agent#3`. [inputs] */
export function columnNames(schema: BoundSchema): string[] {
  return schema.features.flatMap((feature) => {
    if (feature.type !== 'categorical') return [feature.name];
    if (feature.values) return feature.values.map((value) => `${feature.name}=${value}`);
    return Array.from({ length: widthOf(feature) }, (_, bucket) => `${feature.name}#${bucket}`);
  });
}

/** How every input column is scaled: as the feature says, and one-hot and boolean columns not at all. [inputs] */
export function columnScales(schema: BoundSchema): ScaleName[] {
  return schema.features.flatMap((feature) =>
    feature.type === 'numeric' ? [feature.scale] : Array<ScaleName>(widthOf(feature)).fill('none'),
  );
}

/** Values in a label row: the outputs of a regression, else 1 (the class index). */
export function targetWidth(target: Pick<TargetSpec, 'type' | 'from'>): number {
  return target.type === 'regression' ? target.from.length : 1;
}

/** Output units of a network for this target. */
export function outputWidth(target: TargetSpec): number {
  if (target.type === 'regression') return target.from.length;
  return target.type === 'binary' ? 1 : target.classes.length;
}

/** A numeric feature with the defaults that undeclared features get. */
export function numericFeature(name: string, scale: ScaleName): NumericFeature {
  return { name, from: null, type: 'numeric', missing: 'reject', scale, min: null, max: null };
}
